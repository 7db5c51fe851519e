" Lists of heph. What matters has marks of its own; this is for the rest.
if exists('b:current_syntax')
  finish
endif

syntax match hephId /^\%([0-9A-HJKMNP-TV-Z]\{4,26}\)\ze  /
syntax match hephTag /\s\zs#\S\+/
syntax match hephDate /\<\%(do\|late\) \d\{4}-\d\d-\d\d\>/

highlight default link hephId Identifier
highlight default link hephTag Special
highlight default link hephDate Comment

let b:current_syntax = 'heph'

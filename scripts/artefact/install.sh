#!/bin/sh
# Install this version of heph for the user who runs it, beside any other:
#
#   ~/.local/share/heph/versions/<version>/   the program
#   ~/.local/share/heph/current               the version in use
#   ~/.local/share/heph/launcher/hephd        what the service manager runs
#   ~/.local/bin/heph, hephd                  links to it, and so are the manual
#   ~/.local/share/man, ...                   pages, the completions of shells,
#   ~/.local/share/nvim/site/pack/heph/...    and the plugin for Neovim
#
# The store is never touched, and nothing is started. Running it again is fine.
# With --remove all of this is taken away again, and the store stays. --links is
# for hephd, which changes versions by itself: it makes the links alone. What is
# not a link of heph's is neither replaced nor removed.
set -eu

if [ "$(id -u)" -eq 0 ] && [ -n "${SUDO_USER:-}" ]; then
  echo "cannot install with sudo: heph belongs to one user; run it as $SUDO_USER" >&2
  exit 1
fi
case ${1:-} in
  '' | --remove | --links) ;;
  *)
    echo "cannot understand $1: it is install.sh, or install.sh --remove" >&2
    exit 2
    ;;
esac

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
home=$HOME/.local/share/heph
bin=$HOME/.local/bin
man=$HOME/.local/share/man/man1
bash=$HOME/.local/share/bash-completion/completions
zsh=$HOME/.local/share/zsh/site-functions
fish=$HOME/.config/fish/completions
nvim=$HOME/.local/share/nvim/site/pack/heph/start

# A link into the version in use, or nothing at all.
is_ours() {
  case $(readlink "$1" 2>/dev/null) in "$home"/current/*) return 0 ;; esac
  [ ! -e "$1" ] && [ ! -L "$1" ]
}

link() {
  if is_ours "$2"; then
    mkdir -p "$(dirname "$2")"
    # A link to a folder would be followed.
    rm -f "$2"
    ln -s "$home/current/$1" "$2"
  else
    echo "left as it is, since it is not heph's: $2" >&2
  fi
}

# Of the links named, those that lead to the version in use.
unlink_ours() {
  for each in "$@"; do
    if [ -L "$each" ] && is_ours "$each"; then rm "$each"; fi
  done
}

link_all() {
  link bin/heph "$bin/heph"
  link bin/hephd "$bin/hephd"
  # Another version may have had other pages.
  unlink_ours "$man"/heph*.1
  for page in "$1"/share/man/man1/*; do
    link "share/man/man1/${page##*/}" "$man/${page##*/}"
  done
  link share/bash-completion/completions/heph "$bash/heph"
  link share/zsh/site-functions/_heph "$zsh/_heph"
  link share/fish/vendor_completions.d/heph.fish "$fish/heph.fish"
  link heph.nvim "$nvim/heph.nvim"
}

if [ "${1:-}" = --remove ]; then
  unlink_ours "$bin/heph" "$bin/hephd" "$man"/heph*.1 "$bash/heph" "$zsh/_heph" "$fish/heph.fish" "$nvim/heph.nvim"
  rm -rf "$home/versions" "$home/current" "$home/launcher" "$home/update"
  echo "removed heph; what it kept is still in $home"
  exit 0
fi

if [ "${1:-}" = --links ]; then
  link_all "$here"
  exit 0
fi

version=$(cat "$here/VERSION")
target=$home/versions/$version

umask 077
mkdir -p "$home/versions"
if [ "$here" != "$target" ]; then
  # Copied beside, then moved: there is never half a version under its name.
  staging=$home/versions/.$version.$$
  rm -rf "$staging"
  cp -R "$here" "$staging"
  if [ -d "$target" ]; then mv "$target" "$staging.old"; fi
  mv "$staging" "$target"
  rm -rf "$staging.old"
fi

# A running one is read on from the file that it was: it must not be written over.
mkdir -p "$home/launcher"
cp "$target/launcher/hephd" "$home/launcher/.hephd.$$"
mv "$home/launcher/.hephd.$$" "$home/launcher/hephd"
# Whoever installs by hand has decided: no update is on probation any more.
rm -f "$home/update/probation"

# A rename replaces a link in one step; writing over one would not. One that a
# process of the same number left would be followed.
rm -f "$home/.current.$$"
ln -s "versions/$version" "$home/.current.$$"
mv -T "$home/.current.$$" "$home/current" 2>/dev/null || mv -h "$home/.current.$$" "$home/current"

link_all "$target"

echo "installed heph $version in $target"
case :$PATH: in
  *:"$bin":*) ;;
  *) echo "add it to your PATH: export PATH=\"\$HOME/.local/bin:\$PATH\"" ;;
esac
case ${SHELL:-} in
  */zsh) echo "for completions, in ~/.zshrc before compinit: fpath=(~/.local/share/zsh/site-functions \$fpath)" ;;
esac
echo "next: heph daemon start"

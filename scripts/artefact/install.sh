#!/bin/sh
# Install this version of heph for the user who runs it, beside any other:
#
#   ~/.local/share/heph/versions/<version>/   the program
#   ~/.local/share/heph/current               the version in use
#   ~/.local/bin/heph, hephd                  links to it
#
# The store is never touched, and nothing is started. Running it again is fine.
set -eu

if [ "$(id -u)" -eq 0 ] && [ -n "${SUDO_USER:-}" ]; then
  echo "cannot install with sudo: heph belongs to one user; run it as $SUDO_USER" >&2
  exit 1
fi

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
version=$(cat "$here/VERSION")
home=$HOME/.local/share/heph
bin=$HOME/.local/bin
target=$home/versions/$version

umask 077
mkdir -p "$home/versions" "$bin"
if [ "$here" != "$target" ]; then
  # Copied beside, then moved: there is never half a version under its name.
  staging=$home/versions/.$version.$$
  rm -rf "$staging"
  cp -R "$here" "$staging"
  if [ -d "$target" ]; then mv "$target" "$staging.old"; fi
  mv "$staging" "$target"
  rm -rf "$staging.old"
fi

# A rename replaces a link in one step; writing over one would not.
ln -s "versions/$version" "$home/.current.$$"
mv -T "$home/.current.$$" "$home/current" 2>/dev/null || mv -h "$home/.current.$$" "$home/current"
for program in heph hephd; do
  ln -sf "$home/current/bin/$program" "$bin/$program"
done

echo "installed heph $version in $target"
case :$PATH: in
  *:"$bin":*) ;;
  *) echo "add it to your PATH: export PATH=\"\$HOME/.local/bin:\$PATH\"" ;;
esac
echo "next: heph daemon start"

#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Downloads QM9 (Ramakrishnan, Dral, Rupp, von Lilienfeld, Sci. Data 1, 140022 (2014), doi:10.1038/sdata.2014.22), checks it, and
# writes the molecules that passed the authors' consistency check to one file that soapstone reads:
#
#   scripts/fetch_qm9.sh
#   soapstone train --data.structures qm9/qm9.xyz.xz --data.target U0 --data.target-unit hartree --data.train 5000 --data.test 2000
#
# Addresses are those of the collection doi:10.6084/m9.figshare.c.978904. Sizes and MD5 sums are what figshare states for
# these two files, as quoted in public repositories; they were not checked by a download.
set -euo pipefail

readonly published_archive=https://ndownloader.figshare.com/files/3195389
readonly published_archive_size=86144227 published_archive_md5=ad1ebd51ee7f5b3a6e32e974e5d54012
readonly published_excluded=https://ndownloader.figshare.com/files/3195404
readonly published_excluded_size=486752 published_excluded_md5=a361887bacb427b8a0ce7903d92a53b4
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
readonly here

usage() {
    cat <<'TEXT'
usage: fetch_qm9.sh [--folder DIR] [--output FILE] [--archive WHERE] [--excluded WHERE] [--unchecked] [--keep-all]
  --folder DIR      folder for the downloads (default: qm9); complete files in it are not downloaded again
  --output FILE     file for the molecules, .xyz, .xyz.gz or .xyz.xz (default: DIR/qm9.xyz.xz)
  --archive WHERE   another address (https://, file://) or a local copy of dsgdb9nsd.xyz.tar.bz2
  --excluded WHERE  the same for the list of excluded molecules, uncharacterized.txt
  --unchecked       accept files that differ from the published ones: do not check sizes, hashes and numbers of molecules
  --keep-all        keep the 3054 molecules that failed the consistency check
Exit codes: 0 done, 2 wrong usage, 3 a file is not what was expected, 5 a download failed.
TEXT
}

fail() {
    local code=$1
    shift
    echo "fetch_qm9.sh: error: $*" >&2
    exit "$code"
}

# download ADDRESS FILE: whole or not at all.
download() {
    local address=$1 file=$2
    echo "downloading $address"
    if command -v curl >/dev/null; then
        curl --fail --location --silent --show-error --retry 3 --output "$file.part" "$address" ||
            fail 5 "the download of $address failed"
    elif command -v wget >/dev/null && [[ $address != file://* ]]; then
        wget --quiet --tries=3 --output-document="$file.part" "$address" || fail 5 "the download of $address failed"
    elif [[ $address == file://* ]]; then
        cp "${address#file://}" "$file.part" || fail 5 "the copy of $address failed"
    else
        fail 5 "neither curl nor wget is installed"
    fi
    mv "$file.part" "$file"
}

# problem_with FILE SIZE MD5: says what differs; nothing if all is well.
problem_with() {
    local size md5
    size="$(stat --dereference --format=%s "$1")"
    [[ $size == "$2" ]] || { echo "$size bytes, expected $2" && return; }
    md5="$(md5sum "$1" | cut -d ' ' -f 1)"
    [[ $md5 == "$3" ]] || echo "MD5 $md5, expected $3"
}

# obtain WHERE NAME SIZE MD5: sets `obtained` to a local file that is checked.
obtain() {
    local where=$1 name=$2 size=$3 md5=$4 problem
    obtained="$folder/$name"
    if [[ $where != *://* ]]; then
        [[ -r $where ]] || fail 5 "$where cannot be read"
        obtained=$where
    elif [[ $checked == no || ! -e $obtained || -n "$(problem_with "$obtained" "$size" "$md5")" ]]; then
        download "$where" "$obtained"
    else
        echo "$obtained exists already"
    fi
    if [[ $checked == no ]]; then
        echo "$obtained: size and hash not checked"
        return
    fi
    problem="$(problem_with "$obtained" "$size" "$md5")"
    [[ -z $problem ]] || fail 3 "$obtained is not the published $name: $problem (--unchecked accepts it nevertheless)"
    echo "$obtained: size ($size bytes) and MD5 ($md5) as published"
}

folder=qm9 output="" archive=$published_archive excluded=$published_excluded checked=yes keep_all=no
while (($#)); do
    case $1 in
        --folder | --output | --archive | --excluded)
            (($# > 1)) || fail 2 "expected a value after $1"
            declare "${1#--}=$2"
            shift
            ;;
        --unchecked) checked=no ;;
        --keep-all) keep_all=yes ;;
        --help | -h) usage && exit 0 ;;
        *) usage >&2 && exit 2 ;;
    esac
    shift
done
output=${output:-$folder/qm9.xyz.xz}
mkdir -p "$folder"

obtain "$archive" dsgdb9nsd.xyz.tar.bz2 "$published_archive_size" "$published_archive_md5"
arguments=("$obtained" --output "$output")
if [[ $keep_all == no ]]; then
    obtain "$excluded" uncharacterized.txt "$published_excluded_size" "$published_excluded_md5"
    arguments+=(--excluded "$obtained")
fi
[[ $checked == no ]] || arguments+=(--published)
python3 "$here/data/qm9_archive.py" "${arguments[@]}"
echo "next: soapstone train --data.structures $output --data.target U0 --data.target-unit hartree --data.train 5000 --data.test 2000"

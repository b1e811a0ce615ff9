#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "warpshard/result.h"

namespace warpshard::store {

/// Begins the names of files that are not complete yet; after a crash one may be left over.
inline constexpr std::string_view kTemporaryPrefix = ".tmp-";

/// Puts a file in place so that whoever looks, at any moment and after any crash, finds all of
/// `bytes` or nothing new: written to a temporary name beside it, fsynced, renamed, and the folder
/// fsynced. On an error (which the result tells) nothing is left behind and nothing is replaced.
std::optional<Error> write_durably(const std::string& path, std::string_view bytes);

/// Makes a folder and those above it, durably; no error if it is there.
std::optional<Error> make_folder_durably(const std::string& path);

/// A file's bytes; fails if it cannot be read or has more than `most` bytes.
Result<std::string> read_bytes(const std::string& path, std::size_t most);

}  // namespace warpshard::store

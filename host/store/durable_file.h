#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "warpshard/result.h"

namespace warpshard::store {

/// Puts a file in place so that whoever looks, at any moment and after any crash, finds all of
/// `bytes` or nothing new: written to a temporary name beside it, fsynced, renamed, and the folder
/// fsynced. On an error (which the result tells) nothing is left behind and nothing is replaced.
std::optional<Error> write_durably(const std::string& path, std::string_view bytes);

/// Makes a folder and those above it, durably; no error if it is there.
std::optional<Error> make_folder_durably(const std::string& path);

}  // namespace warpshard::store

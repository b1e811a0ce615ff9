#pragma once

#include <string>
#include <string_view>

#include "warpshard/result.h"

namespace warpshard::verify {

/// The first line of every proof.
inline constexpr std::string_view kProofMagic = "warpshard-proof 1\n";

/// Reads a file, gzipped or not; "-" stands for standard input. Fails where that is another file
/// from the start, and beyond 4 GiB of text.
Result<std::string> read_proof_file(const std::string& path);

/// The last line, over all that comes before: "end " and 8 hexadecimal digits, the CRC-32 of
/// gzip and zip.
std::string end_line(std::string_view text);

}  // namespace warpshard::verify

#pragma once

#include <string>

namespace warpshard {

/// "3.2 GB": a number of bytes for a person to read.
std::string describe_bytes(double bytes);

}  // namespace warpshard

#pragma once

#include <string>
#include <string_view>

namespace warpshard::cli {

/// Text as it may be shown on a line of a terminal: characters that would end the line, move the
/// cursor, turn the direction of writing or be invisible, and bytes that are no UTF-8, stand as
/// "\n", "\x1b" or "\u{202e}".
std::string escaped(std::string_view text);

}  // namespace warpshard::cli

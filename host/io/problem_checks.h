#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "warpshard/problem.h"
#include "warpshard/result.h"

namespace warpshard::io {

/// "1 entry, expected 2"
std::string count_of(std::uint64_t count, const std::string& expected);

/// Offsets that begin at 0, never fall, and cut `entries` values into `lists`; `name` begins the
/// message.
std::optional<Error> check_offsets(const std::string& name, std::span<const std::int64_t> offsets,
                                   std::uint64_t lists, std::uint64_t entries);

/// At least one strategy, at most 2^31 - 1, as many usages as costs, none below zero.
std::optional<Error> check_node(std::int64_t node, std::span<const std::int64_t> costs,
                                std::span<const std::int64_t> usages);

/// An edge over nodes that `problem` has, with a table of as many entries as they have choices.
std::optional<Error> check_edge(const Problem& problem, std::int64_t edge,
                                std::span<const std::int32_t> nodes, std::uint64_t table_size);

std::optional<Error> check_usage_limit(std::int64_t limit);

}  // namespace warpshard::io

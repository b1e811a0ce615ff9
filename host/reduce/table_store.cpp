#include "host/reduce/table_store.h"

#include <algorithm>

namespace warpshard::reduce {

namespace {

std::uint64_t hash_table(std::int32_t rows, std::int32_t columns,
                         std::span<const std::int64_t> entries) {
  return mix(hash_of(entries) + static_cast<std::uint64_t>(rows) * 0x9e3779b97f4a7c15ULL +
             static_cast<std::uint64_t>(columns));
}

/// True if entry(a, b) = entry(a, 0) + entry(0, b) - entry(0, 0) everywhere, in counts of forbidden
/// entries and in finite parts.
bool is_separable(std::int32_t rows, std::int32_t columns, std::span<const std::int64_t> entries) {
  for (std::int32_t a = 1; a < rows; ++a) {
    const std::int64_t* row = entries.data() + std::int64_t{a} * columns;
    const std::int64_t lift = row[0] - entries[0];
    const int count = int{blocks(row[0])} - int{blocks(entries[0])};
    for (std::int32_t b = 1; b < columns; ++b)
      if (row[b] - entries[b] != lift || int{blocks(row[b])} - int{blocks(entries[b])} != count)
        return false;
  }
  return true;
}

}  // namespace

std::int32_t TableStore::add(std::int32_t rows, std::int32_t columns,
                             std::span<const std::int64_t> entries) {
  scratch_.assign(entries.begin(), entries.end());
  return add_scratch(rows, columns);
}

std::int32_t TableStore::add_scratch(std::int32_t rows, std::int32_t columns) {
  const std::uint64_t hash = hash_table(rows, columns, scratch_);
  const std::int32_t known = index_.find(hash, [&](std::int32_t id) {
    return shapes_[id].rows == rows && shapes_[id].columns == columns &&
           std::ranges::equal(entries(id), scratch_);
  });
  if (known >= 0) return known;
  const auto id = static_cast<std::int32_t>(shapes_.size());
  shapes_.push_back({rows, columns, static_cast<std::int64_t>(pool_.size())});
  pool_.insert(pool_.end(), scratch_.begin(), scratch_.end());
  traits_.emplace_back();
  index_.insert(hash, id);
  return id;
}

std::int32_t TableStore::gather(std::int32_t table, std::int32_t row_map, std::int32_t column_map) {
  if (row_map == kNone && column_map == kNone) return table;
  if (const std::int32_t* known = gathered_.find(table, row_map, column_map)) return *known;
  const Shape shape = shapes_[table];
  const std::int64_t* source = pool_.data() + shape.offset;
  const auto rows = row_map == kNone ? std::span<const std::int32_t>{} : maps_.at(row_map);
  const auto columns = column_map == kNone ? std::span<const std::int32_t>{} : maps_.at(column_map);
  const auto new_rows = row_map == kNone ? shape.rows : static_cast<std::int32_t>(rows.size());
  const auto new_columns =
      column_map == kNone ? shape.columns : static_cast<std::int32_t>(columns.size());
  scratch_.resize(static_cast<std::size_t>(new_rows) * new_columns);
  std::int64_t* target = scratch_.data();
  for (std::int32_t a = 0; a < new_rows; ++a, target += new_columns) {
    const std::int64_t* row = source + std::int64_t{row_map == kNone ? a : rows[a]} * shape.columns;
    if (column_map == kNone) {
      std::copy_n(row, new_columns, target);
    } else {
      for (std::int32_t b = 0; b < new_columns; ++b) target[b] = row[columns[b]];
    }
  }
  const std::int32_t result = add_scratch(new_rows, new_columns);
  gathered_.insert(table, row_map, column_map, result);
  return result;
}

std::int32_t TableStore::transpose(std::int32_t table) {
  if (const std::int32_t* known = transposed_.find(table, 0, 0)) return *known;
  const Shape shape = shapes_[table];
  const std::int64_t* source = pool_.data() + shape.offset;
  scratch_.resize(static_cast<std::size_t>(shape.rows) * shape.columns);
  for (std::int32_t a = 0; a < shape.rows; ++a)
    for (std::int32_t b = 0; b < shape.columns; ++b)
      scratch_[std::int64_t{b} * shape.rows + a] = source[std::int64_t{a} * shape.columns + b];
  const std::int32_t result = add_scratch(shape.columns, shape.rows);
  transposed_.insert(table, 0, 0, result);
  if (result != table && transposed_.find(result, 0, 0) == nullptr)
    transposed_.insert(result, 0, 0, table);
  return result;
}

std::int32_t TableStore::sum(std::int32_t a, std::int32_t b) {
  if (a > b) std::swap(a, b);
  if (const std::int32_t* known = summed_.find(a, b, 0)) return *known;
  const Shape shape = shapes_[a];
  const std::int64_t* first = pool_.data() + shape.offset;
  const std::int64_t* second = pool_.data() + shapes_[b].offset;
  scratch_.resize(static_cast<std::size_t>(shape.rows) * shape.columns);
  bool twice = false;
  for (std::size_t i = 0; i < scratch_.size(); ++i) {
    const Sum entry = sum_of(first[i], second[i]);
    twice = twice || blocks_twice(entry);
    scratch_[i] = at_rest(entry, hard_);
  }
  const std::int32_t result = twice && !hard_ ? kNone : add_scratch(shape.rows, shape.columns);
  summed_.insert(a, b, 0, result);
  return result;
}

bool TableStore::allowed_terms(const Shape& shape, std::vector<std::int64_t>& row_terms,
                               std::vector<std::int64_t>& column_terms) const {
  // Walk each connected component of the allowed entries: all terms follow from one row's.
  const std::int64_t* source = pool_.data() + shape.offset;
  constexpr std::int64_t kUnset = kBlocked;
  row_terms.assign(shape.rows, kUnset);
  column_terms.assign(shape.columns, kUnset);
  std::vector<std::int32_t> open;  // a row a, or -1 - b for a column b
  for (std::int32_t root = 0; root < shape.rows; ++root) {
    if (row_terms[root] != kUnset) continue;
    row_terms[root] = 0;
    open.push_back(root);
    while (!open.empty()) {
      const std::int32_t line = open.back();
      open.pop_back();
      const bool is_row = line >= 0;
      const std::int32_t at = is_row ? line : -1 - line;
      for (std::int32_t i = 0; i < (is_row ? shape.columns : shape.rows); ++i) {
        const std::int64_t entry = is_row ? source[std::int64_t{at} * shape.columns + i]
                                          : source[std::int64_t{i} * shape.columns + at];
        if (blocks(entry)) continue;
        auto& term = is_row ? column_terms[i] : row_terms[i];
        const std::int64_t needed = entry - (is_row ? row_terms[at] : column_terms[at]);
        if (blocks(needed) || blocks(-needed)) return false;
        if (term == kUnset) {
          term = needed;
          open.push_back(is_row ? -1 - i : i);
        } else if (term != needed) {
          return false;
        }
      }
    }
  }
  for (std::int64_t& term : column_terms)
    if (term == kUnset) term = 0;
  return true;
}

std::int32_t TableStore::pattern(std::int32_t table, std::vector<std::int64_t>& row_terms,
                                 std::vector<std::int64_t>& column_terms) {
  const std::int32_t* known = patterns_.find(table, 0, 0);
  if (known != nullptr && *known == kNone) return kNone;
  const Shape shape = shapes_[table];
  const bool found = allowed_terms(shape, row_terms, column_terms);
  if (known != nullptr) return *known;
  std::int32_t result = kNone;
  if (found) {
    const auto source = entries(table);
    scratch_.assign(source.begin(), source.end());
    for (std::int64_t& entry : scratch_) entry = blocks(entry) ? kBlocked : 0;
    result = add_scratch(shape.rows, shape.columns);
    if (result == table) result = kNone;
  }
  patterns_.insert(table, 0, 0, result);
  return result;
}

const TableTraits& TableStore::traits(std::int32_t table) {
  if (!traits_[table].known) traits_[table] = examine(table);
  return traits_[table];
}

TableTraits TableStore::examine(std::int32_t table) {
  const Shape shape = shapes_[table];
  const auto entries = this->entries(table);
  TableTraits traits{.known = true};
  traits.blocks_some = std::ranges::any_of(entries, blocks);
  traits.separable =
      !(hard_ && traits.blocks_some) && is_separable(shape.rows, shape.columns, entries);
  if (!hard_ || !traits.blocks_some) return traits;

  constexpr std::int32_t kMany = -2;
  std::vector<std::int32_t> column_of_row(shape.rows, -1);
  std::vector<std::int32_t> row_of_column(shape.columns, -1);
  for (std::int32_t a = 0; a < shape.rows; ++a) {
    for (std::int32_t b = 0; b < shape.columns; ++b) {
      if (blocks(entries[std::int64_t{a} * shape.columns + b])) continue;
      column_of_row[a] = column_of_row[a] == -1 ? b : kMany;
      row_of_column[b] = row_of_column[b] == -1 ? a : kMany;
    }
  }
  const auto dead = [](std::int32_t partner) { return partner == -1; };
  const auto single = [](std::int32_t partner) { return partner >= 0; };
  traits.has_dead_line =
      std::ranges::any_of(column_of_row, dead) || std::ranges::any_of(row_of_column, dead);
  if (std::ranges::all_of(column_of_row, single))
    traits.column_of_row = maps_.intern(column_of_row);
  if (std::ranges::all_of(row_of_column, single))
    traits.row_of_column = maps_.intern(row_of_column);
  return traits;
}

void TableStore::keep_only(std::span<std::int32_t* const> tables) {
  TableStore kept(hard_);
  Memo renamed;
  for (std::int32_t* table : tables) {
    const std::int32_t* known = renamed.find(*table, 0, 0);
    const std::int32_t id =
        known != nullptr ? *known : kept.add(rows(*table), columns(*table), entries(*table));
    if (known == nullptr) renamed.insert(*table, 0, 0, id);
    *table = id;
  }
  *this = std::move(kept);
}

}  // namespace warpshard::reduce

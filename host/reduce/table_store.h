#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "host/model/huge_pages.h"
#include "host/reduce/entry.h"
#include "host/reduce/map_store.h"

namespace warpshard::reduce {

/// What one look at a table tells; kept, so that a table shared by many edges is read once.
struct TableTraits {
  bool known = false;
  bool blocks_some = false;            ///< has a forbidden entry
  bool has_dead_line = false;          ///< a row or a column without an allowed entry
  bool separable = false;              ///< w(a,b) = f(a) + g(b)
  std::int32_t column_of_row = kNone;  ///< map: the one column each row allows
  std::int32_t row_of_column = kNone;  ///< map: the one row each column allows
};

/// Edge tables, equal ones stored once, with remembered operations: thousands of edges share a
/// few tables, and what was done to one of them need not be done again for the next.
class TableStore {
 public:
  /// `hard`: forbidden entries absorb what is added to them (see entry.h).
  explicit TableStore(bool hard = true) : hard_(hard) {}

  MapStore& maps() { return maps_; }
  const MapStore& maps() const { return maps_; }

  /// The table with these entries, row-major [rows][columns].
  std::int32_t add(std::int32_t rows, std::int32_t columns, std::span<const std::int64_t> entries);

  /// Room for so many entries: an array that grows is copied, which nothing can stop.
  void reserve(std::size_t entries) { pool_.reserve(entries); }

  std::size_t size() const { return shapes_.size(); }
  std::size_t num_entries() const { return pool_.size(); }
  std::int32_t rows(std::int32_t table) const { return shapes_[table].rows; }
  std::int32_t columns(std::int32_t table) const { return shapes_[table].columns; }
  /// Valid until the next operation that may make a table.
  std::span<const std::int64_t> entries(std::int32_t table) const {
    const Shape& shape = shapes_[table];
    return {pool_.data() + shape.offset,
            static_cast<std::size_t>(shape.rows) * static_cast<std::size_t>(shape.columns)};
  }

  /// Table of entries (row_map[a], column_map[b]); kNone leaves that side as it is.
  std::int32_t gather(std::int32_t table, std::int32_t row_map, std::int32_t column_map);
  std::int32_t transpose(std::int32_t table);
  /// Entry-wise sum, or kNone if an entry would count as forbidden twice (never when hard).
  std::int32_t sum(std::int32_t a, std::int32_t b);
  /// If the allowed entries of a hard table are f(a) + g(b) and not all zero: the table with these
  /// set to zero, and the terms, [rows] and [columns]. Else kNone.
  std::int32_t pattern(std::int32_t table, std::vector<std::int64_t>& row_terms,
                       std::vector<std::int64_t>& column_terms);

  const TableTraits& traits(std::int32_t table);

  /// Forgets all tables but the given ones, everything remembered, and all maps. Ids in `tables`
  /// are replaced by the new ones.
  void keep_only(std::span<std::int32_t* const> tables);

 private:
  struct Shape {
    std::int32_t rows = 0;
    std::int32_t columns = 0;
    std::int64_t offset = 0;
  };

  std::int32_t add_scratch(std::int32_t rows, std::int32_t columns);
  TableTraits examine(std::int32_t table);
  bool allowed_terms(const Shape& shape, std::vector<std::int64_t>& row_terms,
                     std::vector<std::int64_t>& column_terms) const;

  bool hard_ = true;
  MapStore maps_;
  std::vector<Shape> shapes_;
  HugePageVector<std::int64_t> pool_;
  std::vector<TableTraits> traits_;  ///< [tables]
  std::vector<std::int64_t> scratch_;
  IdIndex index_;
  Memo gathered_;
  Memo summed_;
  Memo transposed_;
  Memo patterns_;
};

}  // namespace warpshard::reduce

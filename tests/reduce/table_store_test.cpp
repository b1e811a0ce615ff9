#include "host/reduce/table_store.h"

#include <gtest/gtest.h>

namespace warpshard::reduce {
namespace {

constexpr std::int64_t kX = kBlocked;
constexpr std::int64_t kF = kForbiddenEntry;

std::vector<std::int64_t> entries_of(const TableStore& tables, std::int32_t table) {
  const auto entries = tables.entries(table);
  return {entries.begin(), entries.end()};
}

TEST(TableStore, KeepsEqualTablesOnce) {
  TableStore tables;
  const std::vector<std::int64_t> entries{1, 2, 3, 4, 5, 6};
  const std::int32_t table = tables.add(2, 3, entries);
  EXPECT_EQ(tables.add(2, 3, entries), table);
  EXPECT_NE(tables.add(3, 2, entries), table);
  EXPECT_EQ(tables.transpose(tables.transpose(table)), table);
  EXPECT_EQ(entries_of(tables, tables.transpose(table)),
            (std::vector<std::int64_t>{1, 4, 2, 5, 3, 6}));
}

TEST(TableStore, Gathers) {
  TableStore tables;
  const std::int32_t table = tables.add(2, 3, std::vector<std::int64_t>{1, 2, 3, 4, 5, 6});
  const std::int32_t rows = tables.maps().intern(std::vector<std::int32_t>{1, 1, 0});
  const std::int32_t columns = tables.maps().intern(std::vector<std::int32_t>{2});
  const std::int32_t gathered = tables.gather(table, rows, columns);
  EXPECT_EQ(entries_of(tables, gathered), (std::vector<std::int64_t>{6, 6, 3}));
  EXPECT_EQ(tables.gather(table, kNone, kNone), table);
}

TEST(TableStore, AddsForbiddenEntriesUp) {
  TableStore hard(true);
  const std::int32_t a = hard.add(1, 3, std::vector<std::int64_t>{kX, kX, 1});
  const std::int32_t b = hard.add(1, 3, std::vector<std::int64_t>{kX, 5, 2});
  EXPECT_EQ(entries_of(hard, hard.sum(a, b)), (std::vector<std::int64_t>{kX, kX, 3}));
  TableStore counted(false);
  const std::int32_t c = counted.add(1, 2, std::vector<std::int64_t>{kF + 2, 1});
  const std::int32_t d = counted.add(1, 2, std::vector<std::int64_t>{5, 2});
  EXPECT_EQ(entries_of(counted, counted.sum(c, d)), (std::vector<std::int64_t>{kF + 7, 3}));
  EXPECT_EQ(counted.sum(c, c), kNone);
}

TEST(TableStore, TellsCountsFromFinitePartsInSums) {
  TableStore counted(false);
  // In plain numbers the second row is the first and one more, in pairs it is not.
  const std::int32_t table = counted.add(2, 2, std::vector<std::int64_t>{0, kF - 1, 1, kF});
  EXPECT_FALSE(counted.traits(table).separable);
  const std::int32_t pairs = counted.add(2, 2, std::vector<std::int64_t>{0, kF + 3, 1, kF + 4});
  EXPECT_TRUE(counted.traits(pairs).separable);
}

TEST(TableStore, FindsFunctions) {
  TableStore tables;
  const auto traits =
      tables.traits(tables.add(3, 2, std::vector<std::int64_t>{0, kX, kX, 0, 0, kX}));
  ASSERT_NE(traits.column_of_row, kNone);
  const auto map = tables.maps().at(traits.column_of_row);
  EXPECT_EQ(std::vector<std::int32_t>(map.begin(), map.end()),
            (std::vector<std::int32_t>{0, 1, 0}));
  EXPECT_EQ(traits.row_of_column, kNone);
  EXPECT_FALSE(traits.has_dead_line);
  EXPECT_TRUE(
      tables.traits(tables.add(2, 2, std::vector<std::int64_t>{0, kX, 0, kX})).has_dead_line);
}

TEST(TableStore, KeepsOnlyWhatIsUsed) {
  TableStore tables;
  tables.add(1, 2, std::vector<std::int64_t>{1, 2});
  std::int32_t used = tables.add(1, 2, std::vector<std::int64_t>{3, 4});
  std::int32_t same = used;
  const std::vector<std::int32_t*> ids{&used, &same};
  tables.keep_only(ids);
  EXPECT_EQ(used, same);
  EXPECT_EQ(entries_of(tables, used), (std::vector<std::int64_t>{3, 4}));
  EXPECT_EQ(tables.size(), 1U);
}

}  // namespace
}  // namespace warpshard::reduce

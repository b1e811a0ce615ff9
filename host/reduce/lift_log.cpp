#include "host/reduce/lift_log.h"

#include <algorithm>

namespace warpshard::reduce {

void LiftLog::fixed(std::int32_t node, std::int32_t strategy) {
  records_.push_back({Kind::kFixed, node, 0, 0, strategy});
}

void LiftLog::chosen(std::int32_t node, std::int32_t strategy) {
  records_.push_back({Kind::kChosen, node, 0, 0, strategy});
}

void LiftLog::follows(std::int32_t node, std::int32_t leader, std::span<const std::int32_t> map,
                      bool forced) {
  records_.push_back({forced ? Kind::kForced : Kind::kBest, node, leader, 0, maps_.intern(map)});
}

void LiftLog::follows_two(std::int32_t node, std::int32_t first,
                          std::span<const std::int32_t> first_strategies, std::int32_t second,
                          std::span<const std::int32_t> second_strategies,
                          std::span<const std::int32_t> best) {
  const auto choice = static_cast<std::int32_t>(choices_.size());
  const std::int32_t first_id = maps_.intern(first_strategies);
  const std::int32_t second_id = maps_.intern(second_strategies);
  choices_.push_back({first_id, second_id, maps_.intern(best)});
  records_.push_back({Kind::kBestOfTwo, node, first, second, choice});
}

std::int32_t LiftLog::best_of_two(const Record& record, std::span<const std::int32_t> plan) const {
  const Choice& choice = choices_[record.content];
  const auto first = maps_.at(choice.first_strategies);
  const auto second = maps_.at(choice.second_strategies);
  const auto a = std::ranges::find(first, plan[record.first]) - first.begin();
  const auto b = std::ranges::find(second, plan[record.second]) - second.begin();
  return maps_.at(choice.best)[a * static_cast<std::ptrdiff_t>(second.size()) + b];
}

void LiftLog::lift(std::span<std::int32_t> plan) const {
  for (std::size_t i = records_.size(); i-- > 0;) {
    const Record& record = records_[i];
    switch (record.kind) {
      case Kind::kFixed:
      case Kind::kChosen:
        plan[record.node] = record.content;
        break;
      case Kind::kForced:
      case Kind::kBest:
        plan[record.node] = maps_.at(record.content)[plan[record.first]];
        break;
      case Kind::kBestOfTwo:
        plan[record.node] = best_of_two(record, plan);
        break;
    }
  }
}

bool LiftLog::allows(std::span<const std::int32_t> plan) const {
  return std::ranges::all_of(records_, [&](const Record& record) {
    if (record.kind == Kind::kFixed) return plan[record.node] == record.content;
    if (record.kind == Kind::kForced)
      return plan[record.node] == maps_.at(record.content)[plan[record.first]];
    return true;
  });
}

}  // namespace warpshard::reduce

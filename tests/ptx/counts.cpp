#include "tests/ptx/counts.h"

#include <array>

namespace warpshard::ptx {
namespace {

constexpr std::array kMembers{&Counts::instructions, &Counts::slots,         &Counts::lane_slots,
                              &Counts::loads,        &Counts::missing_loads, &Counts::stores,
                              &Counts::lines,        &Counts::l2_bytes,      &Counts::dram_bytes,
                              &Counts::passes,       &Counts::syncs,         &Counts::exchanges};
static_assert(kMembers.size() * sizeof(double) == sizeof(Counts));

}  // namespace

Counts& Counts::operator+=(const Counts& other) {
  for (const auto member : kMembers) this->*member += other.*member;
  return *this;
}

Counts Counts::operator-(const Counts& other) const {
  Counts result;
  for (const auto member : kMembers) result.*member = this->*member - other.*member;
  return result;
}

Counts Counts::operator/(double by) const {
  Counts result;
  for (const auto member : kMembers) result.*member = this->*member / by;
  return result;
}

}  // namespace warpshard::ptx

#include "host/portfolio/workers/device_worker.h"

#include <utility>
#include <vector>

#include "host/device/host_search.h"
#include "host/portfolio/offer.h"

namespace warpshard {
namespace {

/// A GPU's chains together do so many visits while one core does one: what a visit on a GPU counts.
constexpr Work kVisitsAtOnce = 1000;
/// How long a piece of a round takes where time counts: neither so short that launches cost, nor so
/// long that signals and fresh states wait.
constexpr double kPiece = 0.1;

/// Places for chains on a GPU that passes messages, too.
constexpr double kPlacesBesideBound = 15.0 / 16;

}  // namespace

class DeviceWorker::Piece final : public Task {
 public:
  Piece(DeviceWorker& worker, const Pool& pool)
      : worker_(worker), core_(pool.core()), search_(worker.search_), offer_(pool) {
    const Guide& guide = *pool.guide();
    sources_ = {guide.decodings, guide.prices, pool.elites(), static_cast<float>(guide.heat_unit)};
    for (Elite& elite : sources_.elites)
      if (elite.prices.empty()) elite.prices = guide.prices;
    if (!pool.settles_ties()) budget_.seconds = kPiece;
  }

  void run(const StopToken& stop) override {
    if ((search_ == nullptr || search_->core != core_) && !prepare()) return;
    search_->rounds->set_sources(std::move(sources_));
    auto piece = search_->rounds->run(budget_, stop);
    if (!piece) {
      failure_ = piece.error().message;
      return;
    }
    piece_ = *std::move(piece);
    for (const Elite& elite : piece_.found) offer_.consider(*core_, elite.values, elite.cost);
  }

  void synchronize(Pool& pool) override {
    worker_.busy_ = false;
    worker_.search_ = search_;
    if (!note_.empty()) pool.log(worker_.name() + ": " + note_);
    if (!failure_.empty()) {
      worker_.lost_ = true;
      worker_.search_.reset();
      pool.log(worker_.name() + " drops out: " + failure_);
      return;
    }
    pool.count_visits(piece_.visits);
    offer_.hand_over(pool, worker_.name());
    for (Elite& elite : piece_.found) pool.add_elite(core_, std::move(elite));
  }

  Work work() const override {
    const bool alone = worker_.device_.kind == DeviceInfo::Kind::kHost;
    return piece_.visits * core_->rates.visit / (alone ? 1 : kVisitsAtOnce);
  }

 private:
  bool prepare() {
    auto search = worker_.search_on(core_);
    if (!search) {
      failure_ = search.error().message;
      return false;
    }
    search_ = *std::move(search);
    note_ = search_->rounds->plan().describe();
    return true;
  }

  DeviceWorker& worker_;
  CorePointer core_;
  std::shared_ptr<Search> search_;
  DeviceSources sources_;
  DeviceBudget budget_;
  Offer offer_;
  DevicePiece piece_;
  std::string note_;
  std::string failure_;
};

bool DeviceWorker::ready(const Pool& pool) const {
  return !busy_ && !lost_ && pool.guide() != nullptr && !pool.guide()->decodings.empty();
}

Result<std::shared_ptr<DeviceWorker::Search>> DeviceWorker::search_on(CorePointer core) const {
  DeviceSearchOptions options;
  options.seed = seed_;
  options.tabu = true;
  // Kernels that wait for a free place would wait for the end of a chunk, each of them.
  if (passes_messages_) options.place_share = kPlacesBesideBound;
  auto chains = make_search_on(device_, core->flat, core->noise.values(), options);
  if (!chains) return chains.error();
  auto search = std::make_shared<Search>();
  search->rounds = std::make_unique<DeviceRounds>(core->model, *std::move(chains));
  search->core = std::move(core);
  return search;
}

void DeviceWorker::transfer(SearchArchive& archive, Pool& pool) {
  std::vector<std::byte> chains;
  if (!archive.reading() && search_ != nullptr) chains = read_chains(pool);
  CorePointer core = search_ != nullptr ? search_->core : nullptr;
  archive(lost_, chains);
  archive.core(core);
  if (!archive.reading() || core == nullptr) return;
  auto search = search_on(std::move(core));
  if (!search) throw ArchiveError(name() + ": " + search.error().message);
  search_ = *std::move(search);
  Archive state(chains);
  search_->rounds->transfer(state);
}

/// How the chains stand. A device that fails meanwhile is lost, the run goes on.
std::vector<std::byte> DeviceWorker::read_chains(Pool& pool) {
  Archive state;
  try {
    search_->rounds->transfer(state);
  } catch (const ArchiveError& failure) {
    lost_ = true;
    search_.reset();
    pool.log(name() + " drops out: " + failure.what());
    return {};
  }
  return state.take();
}

std::unique_ptr<Task> DeviceWorker::task(Pool& pool, Work /*work*/) {
  busy_ = true;
  return std::make_unique<Piece>(*this, pool);
}

}  // namespace warpshard

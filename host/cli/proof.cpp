#include "host/cli/proof.h"

#include <fstream>

#include "host/bound/dual_ascent.h"
#include "host/model/flat_model.h"

namespace warpshard::cli {

Certificate prove(const Model& model, const ProofOptions& options, const std::atomic<bool>& stop) {
  constexpr std::int64_t kLeastRounds = 5;
  const FlatModel flat(model);
  DualOptions dual;
  dual.smooth = true;
  DualAscent ascent(model, flat, dual);
  if (options.incumbent) ascent.set_incumbent(static_cast<Int128>(*options.incumbent));
  ascent.run_rounds(options.rounds > 0 ? options.rounds : kLeastRounds);
  if (options.rounds == 0) ascent.run(StopToken(stop, options.end));
  return ascent.certificate();
}

bool save_certificate(const std::string& path, const Certificate& certificate) {
  std::ofstream file(path);
  write_certificate(file, certificate);
  return static_cast<bool>(file.flush());
}

}  // namespace warpshard::cli

#include "host/cli/proof.h"

#include <ostream>

#include "host/bound/dual_ascent.h"
#include "host/io/output_file.h"
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

std::optional<Error> save_certificate(const std::string& path, const Certificate& certificate) {
  io::OutputFile file(path);
  if (auto error = file.open()) return error;
  io::OutputBuffer buffer(file);
  std::ostream stream(&buffer);
  write_certificate(stream, certificate);
  stream.flush();
  return file.commit();
}

}  // namespace warpshard::cli

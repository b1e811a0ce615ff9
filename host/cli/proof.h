#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "host/bound/certificate.h"
#include "host/model/model.h"
#include "warpshard/result.h"

namespace warpshard::cli {

/// How to raise a bound that is to be written down.
struct ProofOptions {
  std::chrono::steady_clock::time_point end;
  std::int64_t rounds = 0;          ///< do that many, whatever the time; 0: until `end`
  std::optional<double> incumbent;  ///< cost of a known plan, as a target
};

/// Raises the bound on a reduced instance. At least a few rounds are done, whatever the time and
/// `stop` say.
Certificate prove(const Model& model, const ProofOptions& options, const std::atomic<bool>& stop);

/// Writes a certificate to a file, which is replaced as a whole or not at all.
std::optional<Error> save_certificate(const std::string& path, const Certificate& certificate);

}  // namespace warpshard::cli

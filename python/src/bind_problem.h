#pragma once

#include <nanobind/nanobind.h>

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "warpshard/problem.h"
#include "warpshard/result.h"

namespace warpshard::python {

/// What a Result holds, or its error as Python's ValueError.
template <typename T>
T value_or_raise(Result<T> result) {
  if (!result) throw nanobind::value_error(result.error().message.c_str());
  return std::move(*result);
}

/// A Problem that Python owns. It may be read by several threads at once, and is then not changed.
class SharedProblem {
 public:
  /// Keeps the problem unchanged for as long as it lives; made and destroyed under the GIL.
  class Reader {
   public:
    explicit Reader(SharedProblem& shared) : shared_(&shared) { ++shared_->readers_; }
    ~Reader() { --shared_->readers_; }
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;

    const Problem& problem() const { return shared_->problem_; }

   private:
    SharedProblem* shared_;
  };

  explicit SharedProblem(Problem problem) : problem_(std::move(problem)) {}

  const Problem& problem() const { return problem_; }
  /// Fails while a thread reads it.
  Problem& change();
  /// Replaces an edge's table by one of the same size, which other edges may share until then.
  void set_table(std::int64_t edge, const std::int64_t* entries, std::size_t size);

 private:
  Problem problem_;
  std::int64_t readers_ = 0;
  std::vector<std::int64_t> edges_of_table_;  ///< [tables] counted at the first change
};

void bind_problem(nanobind::module_& module);

}  // namespace warpshard::python

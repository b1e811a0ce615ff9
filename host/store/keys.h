#pragma once

#include <string>

#include "host/model/model.h"
#include "warpshard/problem.h"

namespace warpshard::store {

/// Which instance this is; each key is the 64 hexadecimal digits of a SHA-256. docs/store.md
/// specifies the bytes that are hashed; tools/store_key.py does the same independently.
struct Keys {
  /// Equal where every plan costs the same and is within the limit at the same times: names,
  /// duplicate, reversed and all-zero edges, and the scale of time do not matter.
  std::string exact;
  /// Equal where nodes have as many strategies and edges join the same nodes: plans can be carried
  /// over, though not their cost.
  std::string shape;
};

/// `problem` is valid.
Keys keys_of(const Problem& problem);

/// Equal where reductions, forbidden entries being hard, leave the same model but for its constant.
/// Later versions may reduce further and then find other keys.
std::string core_key(const Model& model);

}  // namespace warpshard::store

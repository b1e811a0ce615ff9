#pragma once

#include "host/bound/partial_ascent.h"
#include "host/portfolio/core.h"

namespace warpshard {

/// What an ascent on a core has reached, in terms of one that was reduced further: prices go to the
/// nearest times that are still watched, messages stay with their edge where both ends are still
/// there.
WarmStart carried_over(const Core& from, const WarmStart& start, const Core& to);

}  // namespace warpshard

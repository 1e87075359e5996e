// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/controllers/metrics_history.h"
#include "desktop/models/metric_card.h"
#include "store/activity.h"

#include <vector>

namespace luthien::desktop {

/// What is recorded of a time: requests, tokens, cost, latency, decisions. request is what activity was read with.
[[nodiscard]] std::vector<MetricCard> recordedCards(const store::Activity& activity,
                                                    const store::ActivityRequest& request);
/// What is not recorded, of the last quarter of an hour up to now: the delay we add, connections, journal, caches.
[[nodiscard]] std::vector<MetricCard> recentCards(const MetricsHistory::Samples& samples, TimePoint now);

} // namespace luthien::desktop

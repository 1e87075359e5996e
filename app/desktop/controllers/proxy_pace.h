// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/controllers/metrics_history.h"
#include "desktop/controllers/proxy_status.h"

namespace luthien::desktop {

/// How busy the proxy was in the last five minutes of the samples, oldest first. What is younger than a minute counts
/// as one: the first call of a start is no rush. Thread: any.
[[nodiscard]] ProxyStatus::Pace paceOf(const MetricsHistory::Samples& samples);

} // namespace luthien::desktop

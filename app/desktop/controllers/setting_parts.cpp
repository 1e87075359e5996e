// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/setting_parts.h"

#include <utility>

namespace luthien::desktop {

SettingParts::SettingParts(SettingSources sources, QObject* parent)
    : QObject(parent)
    , m_lines(sources.settings)
    , m_upstreams(sources.settings.upstreams())
    , m_databaseTrial(std::move(sources.tryDatabase), std::move(sources.makeTables))
    , m_forecast(std::move(sources.openReader), sources.clock)
    , m_evidence(std::move(sources.evidence))
    , m_secrets(std::move(sources.secretsCommand))
    , m_figures(std::move(sources.storePlace))
{
}

} // namespace luthien::desktop

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "runtime/stored_settings.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace luthien::desktop {

/// The settings of the running program. Thread: GUI.
class SettingSource
{
public:
    virtual ~SettingSource() = default;

    [[nodiscard]] virtual std::vector<runtime::SettingState> settings() const = 0;
    /// See runtime::LiveSettings::save().
    [[nodiscard]] virtual Result<runtime::SettingSaved> save(std::string_view key,
                                                             const std::optional<std::string>& value) = 0;
    /// In the order of the configuration.
    [[nodiscard]] virtual std::vector<runtime::UpstreamConfig> upstreams() const = 0;
};

} // namespace luthien::desktop

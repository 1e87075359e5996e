// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "runtime/stored_settings.h"

#include <QString>
#include <QStringList>

#include <cstdint>
#include <string_view>

namespace luthien::desktop {

/// Where a setting stands on the page.
enum class SettingGroup : std::uint8_t { Proxy, Upstreams, Limits, Store, Retention, Secrets, Telemetry };

/// How a setting is told to people.
struct SettingText
{
    SettingGroup group = SettingGroup::Proxy;
    QString title;
    QString hint;        ///< what it does, and the form of a value
    QStringList choices; ///< all there are; empty = any text of the form
};

/// A key without words of its own is its own title.
[[nodiscard]] SettingText settingText(std::string_view key);
/// "Default", "Made here", "config.yaml, line 12": why the value is what it is.
[[nodiscard]] QString sourceText(const runtime::ValueSource& source);

} // namespace luthien::desktop

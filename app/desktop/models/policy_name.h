// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/visible_text.h"

#include <QString>

#include <functional>
#include <string_view>

namespace luthien::desktop {

/// What people call the policy of an id. Empty = by their ids.
using PolicyName = std::function<QString(const QString& id)>;

[[nodiscard]] inline QString policyText(const PolicyName& nameOf, std::string_view id)
{
    const QString shown = visibleText(id);
    return nameOf ? nameOf(shown) : shown;
}

} // namespace luthien::desktop

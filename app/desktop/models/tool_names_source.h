// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>

#include <memory>
#include <set>
#include <string>

namespace luthien::desktop {

/// Reads which tools the record knows, for completing a filter, without making it wait. Thread: GUI.
class ToolNamesSource : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    /// Answered by one signal, later, or not at all if the record cannot be read.
    virtual void load() = 0;

Q_SIGNALS:
    void loaded(const std::shared_ptr<const std::set<std::string>>& names);
};

} // namespace luthien::desktop

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/rows.h"

#include <QObject>

#include <memory>
#include <vector>

namespace luthien::desktop {

/// Reads which calls are open, never making anybody wait. Thread: GUI.
class LiveCallsSource : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    /// Answered by openLoaded, later; not at all if the record cannot be read.
    virtual void loadOpen() = 0;

Q_SIGNALS:
    void openLoaded(const std::shared_ptr<const std::vector<luthien::store::CallRow>>& calls);
};

} // namespace luthien::desktop

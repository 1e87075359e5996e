// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/activity.h"

#include <QObject>
#include <QString>

#include <memory>

namespace luthien::desktop {

struct LoadedActivity
{
    store::ActivityRequest request;
    store::Activity activity;
    QString error; ///< one sentence; empty = none
};

/// Reads what is recorded of some time, never making anybody wait: each request is answered by one signal, later, in
/// the order asked. Thread: GUI.
class MetricsSource : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    virtual void loadActivity(const store::ActivityRequest& request) = 0;

Q_SIGNALS:
    void activityLoaded(const std::shared_ptr<const luthien::desktop::LoadedActivity>& loaded);
};

} // namespace luthien::desktop

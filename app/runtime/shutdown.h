// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "runtime/termination_signals.h"

#include <QTimer>

namespace luthien::runtime {

class Runtime;

/// Ends the event loop on SIGINT, SIGTERM or SIGHUP: calls under way may end before, at most for the deadline, not at
/// all after a second signal. New ones are refused from the first signal on. Thread: main.
class Shutdown : public QObject
{
    Q_OBJECT
public:
    explicit Shutdown(Runtime& runtime);

private:
    void begin();

    Runtime& m_runtime;
    TerminationSignals m_signals;
    QTimer m_look;
    SteadyPoint m_deadline;
};

} // namespace luthien::runtime

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>
#include <QSocketNotifier>

#include <memory>

namespace luthien::runtime {

/// SIGINT, SIGTERM and SIGHUP as a Qt signal. One object at a time. Thread: main.
class TerminationSignals : public QObject
{
    Q_OBJECT
public:
    explicit TerminationSignals(QObject* parent = nullptr);
    ~TerminationSignals() override;

Q_SIGNALS:
    /// fromTerminal = typed by a person: every process in the foreground got it, not only this one.
    void received(int number, bool fromTerminal);

private:
    void read();
    std::unique_ptr<QSocketNotifier> m_notifier;
};

} // namespace luthien::runtime

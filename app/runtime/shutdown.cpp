// SPDX-License-Identifier: Apache-2.0
#include "runtime/shutdown.h"

#include "base/logging.h"
#include "runtime/runtime.h"

#include <QCoreApplication>

#include <chrono>

namespace luthien::runtime {

namespace {
constexpr std::chrono::seconds kDrainDeadline(30);
constexpr std::chrono::milliseconds kDrainLook(20);
} // namespace

Shutdown::Shutdown(Runtime& runtime)
    : m_runtime(runtime)
{
    connect(&m_signals, &TerminationSignals::received, this, &Shutdown::begin);
    // Not quit(): that asks every window whether it agrees, and one with live streams does not.
    connect(&m_look, &QTimer::timeout, this, [this] {
        if (m_runtime.activeCalls() == 0 || std::chrono::steady_clock::now() > m_deadline)
            QCoreApplication::exit(0);
    });
}

void Shutdown::begin()
{
    if (m_look.isActive()) {
        QCoreApplication::exit(0);
        return;
    }
    const std::size_t calls = m_runtime.activeCalls();
    qCInfo(lcRuntime, "shutting down; %zu %s under way", calls, calls == 1 ? "call" : "calls");
    m_deadline = std::chrono::steady_clock::now() + kDrainDeadline;
    m_runtime.beginDrain();
    m_look.start(kDrainLook);
}

} // namespace luthien::runtime

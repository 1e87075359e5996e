// SPDX-License-Identifier: Apache-2.0
#include "runtime/termination_signals.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <unistd.h>

namespace luthien::runtime {

namespace {
constexpr std::array kSignals{SIGINT, SIGTERM, SIGHUP};
constexpr unsigned char kFromTerminal = 0x80;

// The one thing a signal handler can reach: the pipe it writes to.
volatile sig_atomic_t g_writeEnd = -1;

extern "C" void noteSignal(int number, siginfo_t* info, void*)
{
    const int savedError = errno;
    const bool fromTerminal = info->si_code == SI_KERNEL;
    const auto byte = static_cast<unsigned char>(number | (fromTerminal ? kFromTerminal : 0));
    [[maybe_unused]] const ssize_t written = ::write(g_writeEnd, &byte, 1);
    errno = savedError;
}
} // namespace

TerminationSignals::TerminationSignals(QObject* parent)
    : QObject(parent)
{
    std::array<int, 2> ends{-1, -1};
    if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0)
        return; // the default action of each signal stays
    g_writeEnd = ends[1];
    m_notifier = std::make_unique<QSocketNotifier>(ends[0], QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, &TerminationSignals::read);
    struct sigaction action = {};
    action.sa_sigaction = noteSignal;
    action.sa_flags = SA_SIGINFO | SA_RESTART;
    for (const int number : kSignals)
        ::sigaction(number, &action, nullptr);
}

TerminationSignals::~TerminationSignals()
{
    if (!m_notifier)
        return;
    for (const int number : kSignals)
        std::signal(number, SIG_DFL);
    const auto readEnd = static_cast<int>(m_notifier->socket());
    m_notifier.reset();
    ::close(readEnd);
    ::close(g_writeEnd);
    g_writeEnd = -1;
}

void TerminationSignals::read()
{
    unsigned char byte = 0;
    while (m_notifier && ::read(static_cast<int>(m_notifier->socket()), &byte, 1) == 1)
        Q_EMIT received(byte & ~kFromTerminal, (byte & kFromTerminal) != 0);
}

} // namespace luthien::runtime

// SPDX-License-Identifier: Apache-2.0
#include "gui_probe.h"

#include <QFile>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <unistd.h>

namespace luthien::bench {

using namespace std::chrono_literals;

namespace {
double milliseconds(std::chrono::steady_clock::duration time)
{
    return std::chrono::duration<double, std::milli>(time).count();
}

/// Of all threads, in milliseconds.
double processorTime()
{
    timespec used{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return static_cast<double>(used.tv_sec) * 1e3 + static_cast<double>(used.tv_nsec) / 1e6;
}
} // namespace

double Durations::quantile(double share) const
{
    if (m_all.empty())
        return 0;
    std::vector<double> sorted = m_all;
    std::ranges::sort(sorted);
    const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(sorted.size())));
    return sorted[std::clamp<std::size_t>(rank, 1, sorted.size()) - 1];
}

GuiProbe::GuiProbe(QQuickWindow& window)
{
    connect(
        &window, &QQuickWindow::afterAnimating, this,
        [this] {
            m_animatedCpu = processorTime();
            m_animated = Clock::now().time_since_epoch().count();
        },
        Qt::DirectConnection);
    connect(
        &window, &QQuickWindow::frameSwapped, this,
        [this] {
            const auto took = Clock::now().time_since_epoch() - Clock::duration(m_animated.load());
            const double cost = processorTime() - m_animatedCpu;
            const std::lock_guard lock(m_mutex);
            m_frames.add(milliseconds(took));
            m_frameCosts.add(cost);
        },
        Qt::DirectConnection);
    m_knocker = std::thread([this] { knock(); });
}

GuiProbe::~GuiProbe()
{
    m_isEnding = true;
    m_knocker.join();
}

void GuiProbe::knock()
{
    while (!m_isEnding) {
        const auto posted = Clock::now();
        QMetaObject::invokeMethod(
            this, [this, posted] { m_latencies.add(milliseconds(Clock::now() - posted)); }, Qt::QueuedConnection);
        std::this_thread::sleep_for(5ms);
    }
}

void GuiProbe::restart()
{
    m_latencies.clear();
    const std::lock_guard lock(m_mutex);
    m_frames.clear();
    m_frameCosts.clear();
}

Durations GuiProbe::frames() const
{
    const std::lock_guard lock(m_mutex);
    return m_frames;
}

Durations GuiProbe::frameCosts() const
{
    const std::lock_guard lock(m_mutex);
    return m_frameCosts;
}

double residentMebibytes()
{
    QFile file(QStringLiteral("/proc/self/statm"));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    return file.readAll().split(' ').value(1).toDouble() * static_cast<double>(::sysconf(_SC_PAGESIZE)) / (1 << 20);
}

double sinceProcessStart()
{
    QFile file(QStringLiteral("/proc/self/stat"));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    // The 22nd field; the second one, a name in brackets, may hold anything.
    const QByteArray stat = file.readAll();
    const double ticks = stat.mid(stat.lastIndexOf(')') + 2).split(' ').value(19).toDouble();
    timespec now{};
    ::clock_gettime(CLOCK_BOOTTIME, &now);
    const double seconds = static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
    return 1000 * (seconds - ticks / static_cast<double>(::sysconf(_SC_CLK_TCK)));
}

} // namespace luthien::bench

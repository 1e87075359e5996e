// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>
#include <QQuickWindow>

#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>
#include <vector>

namespace luthien::bench {

/// Milliseconds, sorted when they are asked for.
class Durations
{
public:
    void add(double milliseconds) { m_all.push_back(milliseconds); }
    void clear() { m_all.clear(); }
    [[nodiscard]] std::size_t count() const { return m_all.size(); }
    /// The value that this share (0 to 1) of them does not exceed; 0 if there are none.
    [[nodiscard]] double quantile(double share) const;

private:
    std::vector<double> m_all;
};

/// Measures the frames of a window, from the end of its animations to the swap, and how long an event that is posted to
/// the GUI thread every 5 ms waits. Thread: GUI.
class GuiProbe : public QObject
{
    Q_OBJECT

public:
    /// The window outlives the probe.
    explicit GuiProbe(QQuickWindow& window);
    ~GuiProbe() override;

    /// Forgets what was measured so far.
    void restart();
    [[nodiscard]] Durations frames() const;
    /// The processor time of the whole process meanwhile: what a frame costs, whatever else runs on the machine.
    [[nodiscard]] Durations frameCosts() const;
    [[nodiscard]] Durations latencies() const { return m_latencies; }

private:
    void knock();

    using Clock = std::chrono::steady_clock;
    std::atomic<Clock::rep> m_animated{0};
    std::atomic<double> m_animatedCpu{0};
    mutable std::mutex m_mutex;
    Durations m_frames; ///< these two are written by whichever thread renders
    Durations m_frameCosts;
    Durations m_latencies;
    std::atomic<bool> m_isEnding{false};
    std::thread m_knocker;
};

/// Of this process, in MiB.
[[nodiscard]] double residentMebibytes();
/// Since this process began, in milliseconds, in steps of ten.
[[nodiscard]] double sinceProcessStart();

} // namespace luthien::bench

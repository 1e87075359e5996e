// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/latency_counts.h"
#include "base/result.h"

#include <QObject>
#include <QQmlEngine>

#include <chrono>
#include <functional>
#include <optional>

namespace luthien::desktop {

/// What the status bar tells of the proxy and the record, and the proxy's switch. Thread: GUI.
class ProxyStatus : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(QString address READ address NOTIFY changed FINAL)
    Q_PROPERTY(QString problem READ problem NOTIFY changed FINAL)
    Q_PROPERTY(bool stopped READ isStopped NOTIFY changed FINAL)
    Q_PROPERTY(int liveStreams READ liveStreams NOTIFY changed FINAL)
    Q_PROPERTY(QString storedText READ storedText NOTIFY changed FINAL)
    Q_PROPERTY(bool paused READ isPaused WRITE setPaused NOTIFY changed FINAL)
    Q_PROPERTY(QString switchProblem READ switchProblem NOTIFY changed FINAL)
    Q_PROPERTY(QString delayText READ delayText NOTIFY changed FINAL)
    Q_PROPERTY(QString paceText READ paceText NOTIFY changed FINAL)

public:
    /// What the record suffers from.
    struct Trouble
    {
        QString text;        ///< for people; empty = all is well
        bool isStop = false; ///< agents wait, or soon will
        bool operator==(const Trouble&) const = default;
    };

    /// Closes and opens the proxy's port.
    struct Switch
    {
        std::function<void()> pause;
        std::function<Result<void>()> resume;
        std::function<bool()> isPaused;
    };
    /// What the last minute was like; added = none without a call.
    struct Pace
    {
        double callsPerMinute = 0;
        std::optional<std::chrono::microseconds> added; ///< median
        bool operator==(const Pace&) const = default;
    };

    using QObject::QObject;

    [[nodiscard]] QString address() const { return m_address; }
    [[nodiscard]] QString problem() const { return m_trouble.text; }
    [[nodiscard]] bool isStopped() const noexcept { return m_trouble.isStop; }
    [[nodiscard]] int liveStreams() const noexcept { return m_liveStreams; }
    [[nodiscard]] QString storedText() const;
    /// Nobody can connect; calls under way go on.
    [[nodiscard]] bool isPaused() const;
    /// Does nothing without a switch.
    void setPaused(bool paused);
    /// Why the port could not be opened again; empty = it was.
    [[nodiscard]] QString switchProblem() const { return m_switchProblem; }
    /// "Added delay 0.13 ms"; empty while there is none to tell of.
    [[nodiscard]] QString delayText() const;
    /// "12.6 calls/min"
    [[nodiscard]] QString paceText() const;

    /// "127.0.0.1:4000"
    void setAddress(const QString& address);
    void setTrouble(const Trouble& trouble);
    void setLiveStreams(int count);
    void setStored(qint64 calls, int sessions);
    void setSwitch(Switch proxySwitch);
    void setPace(const Pace& pace);

Q_SIGNALS:
    void changed();

private:
    QString m_address;
    Trouble m_trouble;
    int m_liveStreams = 0;
    int m_sessions = 0;
    qint64 m_calls = 0;
    Switch m_switch;
    QString m_switchProblem;
    Pace m_pace;
};

} // namespace luthien::desktop

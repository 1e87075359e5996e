// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "desktop/models/conversation_model.h"
#include "desktop/models/recording_source.h"

#include <QObject>
#include <QQmlEngine>
#include <QTimer>

namespace luthien::desktop {

/// Plays a recorded call again as it came: in its own time, slower or faster, from any place. Thread: GUI.
class Replay : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(QString callId READ callId NOTIFY changed FINAL)
    Q_PROPERTY(bool loaded READ isLoaded NOTIFY changed FINAL)
    Q_PROPERTY(QString title READ title NOTIFY changed FINAL)
    Q_PROPERTY(QString problem READ problem NOTIFY changed FINAL)
    Q_PROPERTY(bool playing READ isPlaying NOTIFY changed FINAL)
    Q_PROPERTY(QList<QString> speeds READ speeds CONSTANT FINAL)
    Q_PROPERTY(int speed READ speed WRITE setSpeed NOTIFY changed FINAL)
    Q_PROPERTY(double share READ share NOTIFY moved FINAL)
    Q_PROPERTY(QString timeText READ timeText NOTIFY moved FINAL)
    Q_PROPERTY(QString lengthText READ lengthText NOTIFY changed FINAL)
    Q_PROPERTY(luthien::desktop::ConversationModel* conversation READ conversation CONSTANT FINAL)

public:
    /// Both outlive it.
    Replay(RecordingSource& source, const Clock& clock, QObject* parent = nullptr);
    ~Replay() override;

    Q_INVOKABLE void open(const QString& callId);
    Q_INVOKABLE void close();
    /// From the begin if it is at its end.
    Q_INVOKABLE void play();
    Q_INVOKABLE void pause();
    /// 0 = the begin, 1 = the end.
    Q_INVOKABLE void seek(double share);
    /// Shows what has happened by now; a timer does it while it plays.
    void advance();

    [[nodiscard]] QString callId() const { return m_callId; }
    [[nodiscard]] bool isLoaded() const noexcept { return m_recording != nullptr; }
    [[nodiscard]] QString title() const;
    [[nodiscard]] QString problem() const { return m_problem; }
    [[nodiscard]] bool isPlaying() const noexcept { return m_timer.isActive(); }
    [[nodiscard]] QStringList speeds() const;
    /// A place in speeds().
    [[nodiscard]] int speed() const noexcept { return m_speed; }
    void setSpeed(int speed);
    [[nodiscard]] double share() const;
    [[nodiscard]] QString timeText() const;
    [[nodiscard]] QString lengthText() const;
    [[nodiscard]] ConversationModel* conversation();

Q_SIGNALS:
    void changed();
    void moved();

private:
    class Stage;

    void take(std::shared_ptr<const Recording> recording);
    /// Shows everything up to a place; what is behind it already stays.
    void showUntil(std::chrono::microseconds at);
    void begin();

    RecordingSource& m_source;
    const Clock& m_clock;
    quint64 m_token = 0;
    QString m_callId;
    QString m_problem;
    std::shared_ptr<const Recording> m_recording;
    std::chrono::microseconds m_at{}; ///< in the recording
    SteadyPoint m_since;              ///< when m_at was true
    std::size_t m_next = 0;           ///< the first step that is not shown
    int m_speed;
    QTimer m_timer;
    std::unique_ptr<Stage> m_stage;
};

} // namespace luthien::desktop

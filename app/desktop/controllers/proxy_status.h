// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>
#include <QQmlEngine>

namespace luthien::desktop {

/// What the status bar tells of the proxy and the record. Thread: GUI.
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

public:
    /// What the record suffers from.
    struct Trouble
    {
        QString text;        ///< for people; empty = all is well
        bool isStop = false; ///< agents wait, or soon will
        bool operator==(const Trouble&) const = default;
    };

    using QObject::QObject;

    [[nodiscard]] QString address() const { return m_address; }
    [[nodiscard]] QString problem() const { return m_trouble.text; }
    [[nodiscard]] bool isStopped() const noexcept { return m_trouble.isStop; }
    [[nodiscard]] int liveStreams() const noexcept { return m_liveStreams; }
    [[nodiscard]] QString storedText() const;

    /// "127.0.0.1:4000"
    void setAddress(const QString& address);
    void setTrouble(const Trouble& trouble);
    void setLiveStreams(int count);
    void setStored(qint64 calls, int sessions);

Q_SIGNALS:
    void changed();

private:
    QString m_address;
    Trouble m_trouble;
    int m_liveStreams = 0;
    int m_sessions = 0;
    qint64 m_calls = 0;
};

} // namespace luthien::desktop

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/rows.h"

#include <QObject>
#include <QQmlEngine>

namespace luthien::desktop {

/// The head of the conversation: what is known about the session on screen. Thread: GUI.
class SelectedSession : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(QString sessionId READ sessionId NOTIFY changed FINAL)
    Q_PROPERTY(QString title READ title NOTIFY changed FINAL)
    Q_PROPERTY(QString statusText READ statusText NOTIFY changed FINAL)
    Q_PROPERTY(bool live READ isLive NOTIFY changed FINAL)
    Q_PROPERTY(bool failed READ isFailed NOTIFY changed FINAL)
    Q_PROPERTY(QString figures READ figures NOTIFY changed FINAL)
    /// Why it could not be read the last time; empty = it could.
    Q_PROPERTY(QString error READ error NOTIFY changed FINAL)

public:
    using QObject::QObject;

    [[nodiscard]] QString sessionId() const { return QString::fromStdString(m_session.id); }
    [[nodiscard]] QString title() const;
    [[nodiscard]] QString statusText() const;
    [[nodiscard]] bool isLive() const;
    [[nodiscard]] bool isFailed() const;
    /// "41 calls · 128.4k tokens · 3m 41s"
    [[nodiscard]] QString figures() const;
    [[nodiscard]] QString error() const { return m_error; }

    void show(const store::SessionRow& session);
    /// Another session is on screen, of which nothing is known yet: what was known of the one before is not said of it.
    void expect(const QString& id);
    /// It could not be read; of another session that is of no interest here.
    void fail(const QString& id, const QString& error);
    Q_INVOKABLE void retry();

Q_SIGNALS:
    void changed();
    /// It is to be read again.
    void retried(const QString& id);

private:
    store::SessionRow m_session;
    bool m_isKnown = false; ///< else there is only its id
    QString m_error;
};

} // namespace luthien::desktop

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "runtime/config_values.h"

#include <QObject>
#include <QQmlEngine>
#include <QString>

namespace luthien::desktop {

/// Asks, in a small window of its own, whether another port will do for the one that another program has: who starts
/// the program from a menu sees no terminal. Thread: GUI, before the window's event loop.
class PortQuestion : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(QString taken READ taken CONSTANT FINAL)
    Q_PROPERTY(QString holder READ holder CONSTANT FINAL)
    Q_PROPERTY(QString free READ free CONSTANT FINAL)
    Q_PROPERTY(bool dark READ isDark CONSTANT FINAL)

public:
    /// settingsFile says whether the window is dark.
    PortQuestion(const runtime::Endpoint& taken, const runtime::Endpoint& free, const QString& settingsFile);

    [[nodiscard]] QString taken() const { return m_taken; }
    /// "node (process 812)"; empty if it is not known.
    [[nodiscard]] QString holder() const { return m_holder; }
    [[nodiscard]] QString free() const { return m_free; }
    [[nodiscard]] bool isDark() const noexcept { return m_isDark; }

    /// Runs an event loop until it is answered; false too if the window is closed.
    [[nodiscard]] bool ask();
    Q_INVOKABLE void answer(bool useFree);

private:
    const QString m_taken;
    const QString m_holder;
    const QString m_free;
    bool m_isDark = false;
};

} // namespace luthien::desktop

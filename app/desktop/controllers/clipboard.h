// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>
#include <QQmlEngine>

namespace luthien::desktop {

/// Puts text on the system's clipboard. Thread: GUI.
class Clipboard : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")

public:
    using QObject::QObject;

    Q_INVOKABLE void copy(const QString& text);
};

} // namespace luthien::desktop

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>
#include <QQmlEngine>

#include <cstdint>
#include <optional>

namespace luthien::desktop {

/// Where the record is, and how much room it takes. Thread: GUI.
class StoreFigures : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(QString place READ place CONSTANT FINAL)
    Q_PROPERTY(QString size READ size NOTIFY changed FINAL)
    Q_PROPERTY(QString backlog READ backlog NOTIFY changed FINAL)

public:
    /// place for people, without anything secret.
    explicit StoreFigures(QString place, QObject* parent = nullptr);

    [[nodiscard]] QString place() const { return m_place; }
    /// "1.3 GiB", or that the server knows it.
    [[nodiscard]] QString size() const;
    /// "0 bytes": recorded, and not in the database.
    [[nodiscard]] QString backlog() const;

    /// size = bytes of the database's files; none = they are not on this machine.
    void show(std::optional<std::uint64_t> size, std::uint64_t backlog);

Q_SIGNALS:
    void changed();

private:
    const QString m_place;
    std::optional<std::uint64_t> m_size;
    std::uint64_t m_backlog = 0;
};

} // namespace luthien::desktop

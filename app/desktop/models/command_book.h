// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QAbstractListModel>
#include <QQmlEngine>
#include <QSettings>
#include <QStringList>

namespace luthien::desktop {

class Command;

/// Everything a person can do in the window now, in the order it was declared; what was done last is kept.
/// Thread: GUI.
class CommandBook : public QAbstractListModel
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")

public:
    enum Role { CommandRole = Qt::UserRole + 1 };

    /// settingsFile keeps what was done last.
    explicit CommandBook(const QString& settingsFile, QObject* parent = nullptr);

    /// Commands add and remove themselves. \{
    void add(Command* command);
    void remove(Command* command);
    void noteUse(const QString& name);
    /// \}
    [[nodiscard]] const QList<Command*>& commands() const noexcept { return m_commands; }
    /// Names, the last one first.
    [[nodiscard]] const QStringList& recent() const noexcept { return m_recent; }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

private:
    QSettings m_settings;
    QList<Command*> m_commands;
    QStringList m_recent;
};

} // namespace luthien::desktop

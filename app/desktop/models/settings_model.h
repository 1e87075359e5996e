// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/setting_source.h"
#include "desktop/models/setting_texts.h"

#include <QAbstractListModel>
#include <QQmlEngine>

#include <vector>

namespace luthien::desktop {

/// Every setting with what it is, why, and what a person is typing in its place, checked as the configuration is.
/// Thread: GUI.
class SettingsModel : public QAbstractListModel
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")

public:
    enum Role {
        KeyRole = Qt::UserRole + 1,
        GroupRole,
        TitleRole,
        HintRole,
        ChoicesRole,
        ValueRole,    ///< what is typed, or to be in force
        ProblemRole,  ///< why what is typed cannot be
        ChangedRole,  ///< something is typed that is not kept
        EditableRole, ///< false = a stronger source decides
        StoredRole,   ///< it was made here, and can be taken back
        SourceRole,
        NoteRole, ///< what is still to come: a restart, a stronger source
    };
    enum Group { Proxy, Upstreams, Limits, Store, Retention, Secrets, Telemetry };
    Q_ENUM(Group)

    /// The source outlives the model.
    explicit SettingsModel(SettingSource& source, QObject* parent = nullptr);

    /// What the page shows of a key: typed, or in force; empty for none.
    [[nodiscard]] Q_INVOKABLE QString valueOf(const QString& key) const;
    Q_INVOKABLE void type(int row, const QString& value);
    /// Keeps what is typed. False if it cannot be, see ProblemRole.
    Q_INVOKABLE bool save(int row);
    /// Forgets what is typed.
    Q_INVOKABLE void forget(int row);
    /// Forgets what was made here: file or default count again.
    Q_INVOKABLE void takeBack(int row);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

Q_SIGNALS:
    /// Something was typed, kept or taken back.
    void changed();

private:
    struct Row
    {
        runtime::SettingState state;
        SettingText text;
        std::optional<QString> typed;
        QString problem;
    };
    [[nodiscard]] Row* at(int row);
    [[nodiscard]] static bool isEditable(const Row& row);
    [[nodiscard]] static QString note(const Row& row);
    bool keep(Row& row, const std::optional<std::string>& value);
    void reload();
    void tell();

    SettingSource& m_source;
    std::vector<Row> m_rows;
};

} // namespace luthien::desktop

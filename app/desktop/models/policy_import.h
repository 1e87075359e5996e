// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/policy_source.h"

#include <QAbstractListModel>
#include <QQmlEngine>

#include <vector>

namespace luthien::desktop {

/// Policies on their way from a file, with what each would change, before any of it counts; and the way to a file.
/// Files are those of `luthiend policy apply`. Thread: GUI.
class PolicyImport : public QAbstractListModel
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(int count READ count NOTIFY changed FINAL)
    Q_PROPERTY(bool acceptable READ isAcceptable NOTIFY changed FINAL)
    Q_PROPERTY(QString problem READ problem NOTIFY changed FINAL)
    Q_PROPERTY(QString said READ said NOTIFY changed FINAL)

public:
    enum Role { IdRole = Qt::UserRole + 1, TypeRole, ModeRole, FateRole, FateTextRole };
    enum Fate { New, Changed, Same, Refused };
    Q_ENUM(Fate)

    /// The source outlives the model.
    explicit PolicyImport(PolicySource& source, QObject* parent = nullptr);

    [[nodiscard]] int count() const noexcept { return static_cast<int>(m_rows.size()); }
    /// Something of it would change something, and nothing of it is refused.
    [[nodiscard]] bool isAcceptable() const;
    [[nodiscard]] QString problem() const { return m_problem; }
    /// What was done last.
    [[nodiscard]] QString said() const { return m_said; }

    /// Forgets what was read and said.
    Q_INVOKABLE void begin();
    Q_INVOKABLE void read(const QString& path);
    /// All of it, or nothing.
    Q_INVOKABLE void accept();
    /// A file in the person's usual directory that is not taken.
    [[nodiscard]] Q_INVOKABLE QString suggestedPath() const;
    [[nodiscard]] Q_INVOKABLE bool exists(const QString& path) const;
    /// Every policy of the chain, in its order, for its owner to read only.
    Q_INVOKABLE void write(const QString& path);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

Q_SIGNALS:
    void changed();

private:
    struct Row
    {
        policy::Definition definition;
        Fate fate = New;
        QString text;
    };
    [[nodiscard]] Row rowOf(policy::Definition definition, bool namesMode) const;

    PolicySource& m_source;
    std::vector<Row> m_rows;
    QString m_path, m_problem, m_said;
};

} // namespace luthien::desktop

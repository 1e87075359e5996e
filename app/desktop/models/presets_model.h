// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/policy_source.h"

#include <QAbstractListModel>
#include <QQmlEngine>

#include <vector>

namespace luthien::desktop {

/// Policies that come with the program, ready to be added. Thread: GUI.
class PresetsModel : public QAbstractListModel
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(int count READ count CONSTANT FINAL)
    Q_PROPERTY(QString problem READ problem NOTIFY changed FINAL)

public:
    enum Role { TitleRole = Qt::UserRole + 1, TypeRole, PurposeRole, AddedRole };

    /// The source outlives the model.
    explicit PresetsModel(PolicySource& source, QObject* parent = nullptr);

    [[nodiscard]] int count() const noexcept { return static_cast<int>(m_presets.size()); }
    /// Why the last one was not added; empty = it was.
    [[nodiscard]] QString problem() const { return m_problem; }

    /// Adds one as a shadow, under an id that is free. Returns the id; empty = it was not, see problem().
    Q_INVOKABLE QString add(int row);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

Q_SIGNALS:
    void changed();

private:
    struct Preset
    {
        policy::Definition definition;
        QString purpose;
    };
    [[nodiscard]] bool isAdded(const policy::Definition& definition) const;

    PolicySource& m_source;
    std::vector<Preset> m_presets; ///< by title
    QString m_problem;
};

} // namespace luthien::desktop

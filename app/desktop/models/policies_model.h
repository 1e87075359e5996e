// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/policy_source.h"
#include "live/live_hub.h"

#include <QAbstractListModel>
#include <QQmlEngine>

#include <map>

namespace luthien::desktop {

/// The policies in the order they run. Thread: GUI.
class PoliciesModel : public QAbstractListModel
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(int count READ count NOTIFY changed FINAL)
    Q_PROPERTY(QString summary READ summary NOTIFY changed FINAL)
    Q_PROPERTY(QString problem READ problem NOTIFY changed FINAL)

public:
    enum Role {
        IdRole = Qt::UserRole + 1,
        NameRole,
        TypeRole,
        PurposeRole,
        ModeRole,
        FromFileRole,
        FileModeRole, ///< the word for the file's mode, if another one counts; else empty
        VersionRole,
        HitsRole,
        FailureRole, ///< what went wrong with its script last; else empty
    };
    enum Mode { Off, Shadow, Enforce };
    Q_ENUM(Mode)

    /// The source outlives the model.
    explicit PoliciesModel(PolicySource& source, QObject* parent = nullptr);

    [[nodiscard]] int count() const { return static_cast<int>(m_policies.size()); }
    /// "1 enforced, 2 watching"
    [[nodiscard]] QString summary() const;
    /// Why the last change could not be made; empty = it was.
    [[nodiscard]] QString problem() const;
    /// Counts what the policies say from now on.
    void applyLive(const live::LiveBatch& batch);

    /// Looks again at what has gone wrong with scripts.
    void showFailures();

    Q_INVOKABLE void setMode(const QString& id, luthien::desktop::PoliciesModel::Mode mode);
    Q_INVOKABLE void backToFile(const QString& id);
    Q_INVOKABLE void remove(const QString& id);
    /// -1 = there is no such policy.
    [[nodiscard]] Q_INVOKABLE int modeOf(const QString& id) const;
    /// The mode of the policy of a type that does most; -1 = there is none of it.
    [[nodiscard]] Q_INVOKABLE int strongestModeOf(const QString& type) const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

Q_SIGNALS:
    void changed();

private:
    struct Hits
    {
        int carriedOut = 0;
        int watched = 0;
    };
    void reload();
    void take(const Result<void>& done);
    [[nodiscard]] QString hitsText(const std::string& id) const;
    [[nodiscard]] QString failureText(const std::string& id) const;

    PolicySource& m_source;
    std::vector<ListedPolicy> m_policies;
    std::map<std::string, Hits> m_hits;              ///< by policy, since the start
    std::map<std::string, std::uint64_t> m_failures; ///< by policy: the count that is shown
    QString m_problem;
};

} // namespace luthien::desktop

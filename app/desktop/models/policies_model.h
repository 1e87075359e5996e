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
        LatencyRole, ///< how often it was asked since the start, and how long it took; empty = never
        LastHitRole, ///< when it stepped in last, "14:31:02"; empty = not since the start
        LastCallRole,
        LastSessionRole,
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

    /// Looks again at what has gone wrong with scripts, and how long policies take.
    void look();
    /// Whether a policy may stand at a row: those of the file come first, as the file has them.
    [[nodiscard]] Q_INVOKABLE bool canMove(int from, int to) const;
    Q_INVOKABLE void move(int from, int to);

    Q_INVOKABLE void setMode(const QString& id, luthien::desktop::PoliciesModel::Mode mode);
    Q_INVOKABLE void backToFile(const QString& id);
    Q_INVOKABLE void remove(const QString& id);
    /// What people call it; the id of one that has no name or is not in the chain any more.
    [[nodiscard]] QString nameOf(const QString& id) const;
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
        TimePoint lastAt;
        QString lastCall;
        QString lastSession;
    };
    void reload();
    /// Brings the rows into the order of others; every row that stays is told as moved, not as another one.
    void arrange(const std::vector<ListedPolicy>& fresh);
    void countHit(const conversation::Decision& decision);
    void take(const Result<void>& done);
    [[nodiscard]] QString hitsText(const std::string& id) const;
    [[nodiscard]] QVariant lastHit(const std::string& id, Role role) const;
    [[nodiscard]] QString latencyText(const std::string& id) const;
    [[nodiscard]] QString failureText(const std::string& id) const;

    PolicySource& m_source;
    std::vector<ListedPolicy> m_policies;
    std::map<std::string, Hits> m_hits;              ///< by policy, since the start
    std::map<std::string, std::uint64_t> m_failures; ///< by policy: the count that is shown
    std::map<std::string, QString> m_latencies;      ///< by policy: the text that is shown
    std::map<CallId, std::string> m_sessions;        ///< of the calls under way
    QString m_problem;
};

} // namespace luthien::desktop

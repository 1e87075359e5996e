// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "desktop/models/search_source.h"

#include <QAbstractListModel>
#include <QQmlEngine>
#include <QTimer>

#include <vector>

namespace luthien::desktop {

/// Texts with the words that a person looks for, in any session. Begins anew while they type; the first page takes the
/// place of what was found before. Thread: GUI.
class SearchModel : public QAbstractListModel
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(QString query READ query WRITE setQuery NOTIFY queryChanged FINAL)
    Q_PROPERTY(bool bestFirst READ isBestFirst WRITE setBestFirst NOTIFY queryChanged FINAL)
    Q_PROPERTY(int count READ count NOTIFY changed FINAL)
    Q_PROPERTY(bool searching READ isSearching NOTIFY changed FINAL)
    Q_PROPERTY(bool asked READ isAsked NOTIFY changed FINAL)
    Q_PROPERTY(QString error READ error NOTIFY changed FINAL)
    Q_PROPERTY(QString summary READ summary NOTIFY changed FINAL)
    Q_PROPERTY(QString unindexed READ unindexed NOTIFY changed FINAL)

public:
    enum Role {
        SessionRole = Qt::UserRole + 1,
        CallRole,
        TitleRole,
        KindRole,
        GlyphRole,
        TimeRole,
        TextRole,
        MarksRole
    };
    /// What is found beyond is not kept: a person narrows it down.
    static constexpr int kMost = 5000;

    /// Both outlive the model.
    SearchModel(SearchSource& source, const Clock& clock, QObject* parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

    [[nodiscard]] QString query() const { return m_query; }
    void setQuery(const QString& query);
    [[nodiscard]] bool isBestFirst() const noexcept { return m_order == store::FoundOrder::BestFirst; }
    void setBestFirst(bool bestFirst);
    void setFilter(const filter::Expression& filter);
    [[nodiscard]] int count() const { return static_cast<int>(m_hits.size()); }
    [[nodiscard]] bool isSearching() const noexcept { return m_isSearching; }
    /// There is something to look for.
    [[nodiscard]] bool isAsked() const noexcept { return m_isAsked; }
    [[nodiscard]] QString error() const { return m_error; }
    [[nodiscard]] QString summary() const;   ///< "50 found, more below"
    [[nodiscard]] QString unindexed() const; ///< what cannot be found yet; empty = nothing

    /// Searches now, also for what is found already.
    Q_INVOKABLE void apply();
    Q_INVOKABLE void cancel();
    /// Tells what is on screen; more is searched for when it comes near the end.
    Q_INVOKABLE void showRows(int first, int last);
    /// Says which session and call a row is of, by callWanted.
    Q_INVOKABLE void open(int row);

Q_SIGNALS:
    void queryChanged();
    void changed();
    void callWanted(const QString& sessionId, const QString& callId);

private:
    struct Shown
    {
        FoundHit found;
        QString text;
        QList<int> marks; ///< start and length in turn
    };
    void take(const LoadedHits& loaded);
    void searchOn();
    void fail(const QString& error);
    void clear();
    [[nodiscard]] static Shown shown(const FoundHit& found);

    SearchSource& m_source;
    const Clock& m_clock;
    QString m_query;
    store::FoundOrder m_order = store::FoundOrder::NewestFirst;
    filter::Expression m_filter;
    SearchRequest m_request;
    std::vector<Shown> m_hits;
    std::optional<store::Cursor> m_next;
    std::int64_t m_unindexed = 0;
    int m_wanted = 0; ///< so many are searched for without being asked
    bool m_isSearching = false;
    bool m_isAsked = false;
    bool m_isFirstPage = false; ///< what is shown belongs to the search before
    QString m_error;
    QTimer m_rest;
};

} // namespace luthien::desktop

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/json_outline.h"

#include <QAbstractListModel>
#include <QQmlEngine>
#include <QThreadPool>

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

namespace luthien::desktop {

/// A JSON text of any size as the rows of a tree, each level opened where somebody looks; any other text as its lines.
/// What takes long (a large text, a list with a million elements, a search) is read by a thread of its own.
/// Thread: GUI.
class JsonTreeModel : public QAbstractListModel
{
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(bool busy READ isBusy NOTIFY changed FINAL)
    Q_PROPERTY(bool empty READ isEmpty NOTIFY changed FINAL)
    Q_PROPERTY(int count READ count NOTIFY countChanged FINAL)
    Q_PROPERTY(int columns READ columns WRITE setColumns NOTIFY columnsChanged FINAL)
    Q_PROPERTY(QString problem READ problem NOTIFY changed FINAL)
    Q_PROPERTY(int problemRow READ problemRow NOTIFY changed FINAL)
    Q_PROPERTY(QString searched READ searched NOTIFY hitsChanged FINAL)
    Q_PROPERTY(QString hitText READ hitText NOTIFY hitsChanged FINAL)
    Q_PROPERTY(int hitRow READ hitRow NOTIFY hitsChanged FINAL)

public:
    enum Role { DepthRole = Qt::UserRole + 1, NameRole, ValueRole, KindRole, ExpandableRole, ExpandedRole };
    /// Of KindRole.
    enum Kind { Object, Array, String, Number, Boolean, Null, Line };
    Q_ENUM(Kind)
    enum class Form : std::uint8_t { Json, Text };

    explicit JsonTreeModel(QObject* parent = nullptr);
    /// Gives up what is being read, and waits for it.
    ~JsonTreeModel() override;

    /// Form::Text = lines, without asking whether they are JSON. Null = nothing.
    void show(std::shared_ptr<const std::string> text, Form form = Form::Json);
    [[nodiscard]] const std::shared_ptr<const std::string>& shown() const noexcept { return m_text; }

    /// So many letters have room in a line; what is opened from now on is cut there.
    [[nodiscard]] int columns() const noexcept { return m_columns; }
    void setColumns(int columns);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

    [[nodiscard]] bool isBusy() const noexcept { return m_jobs > 0; }
    [[nodiscard]] bool isEmpty() const { return !m_text || m_text->empty(); }
    /// Rows that can be seen.
    [[nodiscard]] int count() const { return m_outline.rowCount(); }
    /// Why it is no JSON, and where; empty = it is.
    [[nodiscard]] QString problem() const { return m_problem; }
    /// The line of the problem, -1 = none.
    [[nodiscard]] int problemRow() const noexcept { return m_problemRow; }
    [[nodiscard]] QString searched() const { return m_searched; }
    /// "3 of 41"; empty = nothing is looked for.
    [[nodiscard]] QString hitText() const;
    /// -1 = none, or it is not open yet.
    [[nodiscard]] int hitRow() const noexcept { return m_hitRow; }

    /// Opens or closes a row; nothing for one that has nothing below it.
    Q_INVOKABLE void toggle(int number);
    /// Opens all below a row, within reason; fewer than all are told as `stopped`.
    Q_INVOKABLE void expandAll(int number);
    Q_INVOKABLE void collapseAll(int number);
    /// The row it is in, -1 = none.
    [[nodiscard]] Q_INVOKABLE int parentOf(int number) const;
    [[nodiscard]] Q_INVOKABLE bool isExpandable(int row) const;
    [[nodiscard]] Q_INVOKABLE bool isExpanded(int row) const;
    /// RFC 6901.
    [[nodiscard]] Q_INVOKABLE QString pointerOf(int row) const;
    /// What a string says; anything else as it is written.
    [[nodiscard]] Q_INVOKABLE QString valueOf(int number) const;

    /// Goes to the first name or value that says this; empty ends the search.
    Q_INVOKABLE void search(const QString& text);
    /// 1 = the next hit, -1 = the one before.
    Q_INVOKABLE void goToHit(int step);

Q_SIGNALS:
    void changed();
    void hitsChanged();
    void countChanged();
    void columnsChanged();
    /// Not all was opened: there is too much of it.
    void stopped();

private:
    struct Prepared;
    struct Cells;
    using Deliver = std::function<void()>;

    /// Runs work in the pool, and what it returns here, unless another text is shown by then.
    void run(std::function<Deliver(const std::stop_token&)> work);
    void take(Prepared prepared);
    void install(const JsonPath& path, std::unique_ptr<JsonBranch> branch);
    void close(int number);
    void openLater(const JsonPath& path, const JsonItem& item);
    void reveal(std::size_t offset);
    void setHitRow(int row);
    [[nodiscard]] std::size_t lineBytes() const noexcept { return static_cast<std::size_t>(m_columns); }
    [[nodiscard]] const Cells& cells(int number) const;

    std::shared_ptr<const std::string> m_text;
    JsonOutline m_outline;
    QString m_problem;
    int m_problemRow = -1;
    QString m_searched;
    std::vector<std::size_t> m_hits;
    std::size_t m_hit = 0;
    int m_hitRow = -1;
    int m_jobs = 0;
    int m_columns = static_cast<int>(JsonListing::kLineBytes);
    mutable std::unique_ptr<Cells> m_cells; ///< of the row asked for last
    std::stop_source m_stop;                ///< of what belongs to the text shown
    std::stop_source m_searchStop;
    QThreadPool m_pool;
};

} // namespace luthien::desktop

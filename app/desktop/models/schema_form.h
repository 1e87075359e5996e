// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "desktop/models/schema_fields.h"

#include <QAbstractListModel>
#include <QQmlEngine>

namespace luthien::desktop {

/// A JSON object as a form that its schema draws; one row a field, checked as it is typed. Thread: GUI.
class SchemaForm : public QAbstractListModel
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(bool valid READ isValid NOTIFY edited FINAL)
    Q_PROPERTY(bool empty READ isEmpty NOTIFY edited FINAL)

public:
    enum Role {
        KindRole = Qt::UserRole + 1,
        DepthRole,
        LabelRole,
        HelpRole,
        TextRole,
        PlaceholderRole,
        WordsRole,
        SelectedRole,
        CheckedRole,
        RequiredRole,
        RemovableRole,
        CanAddRole,
        ProblemRole,
        CanResetRole,
    };
    enum Kind { Text, LongText, Number, Check, Choice, Choices, Lines, Group, List, Entry, Json, Script };
    Q_ENUM(Kind)

    using QAbstractListModel::QAbstractListModel;

    /// Both are JSON. Errors: InvalidInput.
    [[nodiscard]] Result<void> load(std::string_view schema, std::string_view object);
    /// What a new object of a schema begins as: the members that must be there. "{}" if it is no schema.
    [[nodiscard]] static std::string initialObject(std::string_view schema);
    /// The object as it now stands.
    [[nodiscard]] std::string object() const;
    [[nodiscard]] bool isValid() const;
    [[nodiscard]] bool isEmpty() const noexcept { return m_fields.empty(); }
    /// Sets a reason at the field that an error names, "rules[2].do". False if there is no such field.
    [[nodiscard]] bool setProblem(std::string_view place, const QString& reason);

    Q_INVOKABLE void setText(int row, const QString& text);
    Q_INVOKABLE void setChecked(int row, bool checked);
    Q_INVOKABLE void toggleWord(int row, const QString& word);
    Q_INVOKABLE void addEntry(int row);
    Q_INVOKABLE void removeEntry(int row);
    /// Back to the value that counts when none is written.
    Q_INVOKABLE void reset(int row);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

Q_SIGNALS:
    /// A person changed something.
    void edited();

private:
    [[nodiscard]] bool has(int row) const noexcept { return row >= 0 && row < rowCount(); }
    void set(int row, boost::json::value value);
    void put(const std::string& pointer, boost::json::value value);
    void erase(int row);
    /// An entry of a list that stands there by default only becomes one of the object's own.
    void writeOut(const SchemaField& field);
    /// Draws the form again; the lines that differ are told.
    void refresh();

    boost::json::value m_schema;
    boost::json::value m_object;
    std::vector<SchemaField> m_fields;
};

} // namespace luthien::desktop

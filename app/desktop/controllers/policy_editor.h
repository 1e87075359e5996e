// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/policy_source.h"
#include "desktop/models/schema_form.h"

#include <QObject>
#include <QQmlEngine>
#include <QStringList>

#include <optional>
#include <string>

namespace luthien::desktop {

/// One policy while it is looked at, changed or made. Nothing counts before save(). Thread: GUI.
class PolicyEditor : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(bool open READ isOpen NOTIFY changed FINAL)
    Q_PROPERTY(bool isNew READ isNew NOTIFY changed FINAL)
    Q_PROPERTY(bool readOnly READ isReadOnly NOTIFY changed FINAL)
    Q_PROPERTY(QString place READ place NOTIFY changed FINAL)
    Q_PROPERTY(bool modified READ isModified NOTIFY changed FINAL)
    Q_PROPERTY(bool unsaved READ isUnsaved NOTIFY changed FINAL)
    Q_PROPERTY(bool canSave READ canSave NOTIFY changed FINAL)
    Q_PROPERTY(bool overtaken READ isOvertaken NOTIFY changed FINAL)
    Q_PROPERTY(QString policyId READ policyId WRITE setPolicyId NOTIFY changed FINAL)
    Q_PROPERTY(QString idProblem READ idProblem NOTIFY changed FINAL)
    Q_PROPERTY(QString name READ name WRITE setName NOTIFY changed FINAL)
    Q_PROPERTY(QString type READ type WRITE setType NOTIFY changed FINAL)
    Q_PROPERTY(QString title READ title NOTIFY changed FINAL)
    Q_PROPERTY(QString purpose READ purpose NOTIFY changed FINAL)
    Q_PROPERTY(QStringList types READ types CONSTANT FINAL)
    Q_PROPERTY(int onError READ onError WRITE setOnError NOTIFY changed FINAL)
    Q_PROPERTY(int agentText READ agentText WRITE setAgentText NOTIFY changed FINAL)
    Q_PROPERTY(int onBlock READ onBlock WRITE setOnBlock NOTIFY changed FINAL)
    Q_PROPERTY(QString scope READ scope NOTIFY changed FINAL)
    Q_PROPERTY(QString problem READ problem NOTIFY changed FINAL)
    Q_PROPERTY(luthien::desktop::SchemaForm* form READ form CONSTANT FINAL)
    Q_PROPERTY(luthien::desktop::SchemaForm* scopeForm READ scopeForm CONSTANT FINAL)

public:
    /// The source outlives the editor.
    explicit PolicyEditor(PolicySource& source, QObject* parent = nullptr);

    [[nodiscard]] bool isOpen() const noexcept { return m_open; }
    [[nodiscard]] bool isNew() const noexcept { return m_isNew; }
    /// A policy of the configuration file is written there.
    [[nodiscard]] bool isReadOnly() const noexcept { return m_readOnly; }
    /// File and line of such a policy.
    [[nodiscard]] QString place() const { return m_place; }
    [[nodiscard]] bool isModified() const;
    /// Something was changed that closing would lose.
    [[nodiscard]] bool isUnsaved() const;
    [[nodiscard]] bool canSave() const;
    /// Somebody else changed it while something is unsaved here: takeTheirs() or keepMine() before it can be saved.
    [[nodiscard]] bool isOvertaken() const noexcept { return m_isOvertaken; }
    [[nodiscard]] QString policyId() const;
    [[nodiscard]] QString idProblem() const;
    [[nodiscard]] QString name() const;
    [[nodiscard]] QString type() const;
    [[nodiscard]] QString title() const;
    [[nodiscard]] QString purpose() const;
    [[nodiscard]] QStringList types() const;
    [[nodiscard]] int onError() const { return static_cast<int>(m_definition.onError); }
    [[nodiscard]] int agentText() const { return static_cast<int>(m_definition.agentText); }
    [[nodiscard]] int onBlock() const { return static_cast<int>(m_definition.onBlock); }
    /// Which calls it looks at, in one line; empty = all.
    [[nodiscard]] QString scope() const;
    /// Why it could not be saved, where no field is to blame.
    [[nodiscard]] QString problem() const { return m_problem; }
    [[nodiscard]] SchemaForm* form() { return &m_form; }
    /// Which calls it looks at.
    [[nodiscard]] SchemaForm* scopeForm() { return &m_scopeForm; }
    /// As it stands, saved or not.
    [[nodiscard]] policy::Definition draft() const;
    /// What a trial of the draft found wrong with it; shown at the field that is to blame. False if none is.
    bool showProblem(const Error& error);

    void setPolicyId(const QString& id);
    void setName(const QString& name);
    /// Of a new policy; its settings begin anew.
    void setType(const QString& type);
    void setOnError(int choice);
    void setAgentText(int choice);
    void setOnBlock(int choice);

    Q_INVOKABLE void openPolicy(const QString& id);
    Q_INVOKABLE void openNew();
    /// A new policy of rules for tools, which asks a person before this one is called.
    Q_INVOKABLE void openNewRule(const QString& tool);
    Q_INVOKABLE void save();
    /// What is unsaved is lost; the policy is shown as it is now, or closed if it is not there any more.
    Q_INVOKABLE void takeTheirs();
    /// The next save() takes back what the other one did.
    Q_INVOKABLE void keepMine();
    Q_INVOKABLE void close();

Q_SIGNALS:
    void changed();
    void saved(const QString& id);
    /// Another policy than before.
    void opened();

private:
    void begin(policy::Definition definition, std::string version);
    void beginNew(const std::string& type);
    void follow();
    /// As the source has it now; nullopt = it is new here, or gone there.
    [[nodiscard]] std::optional<ListedPolicy> listed() const;
    void refuse(const Error& error);
    void edit();
    [[nodiscard]] const policy::PolicyType* policyType() const;

    PolicySource& m_source;
    policy::Definition m_definition;
    policy::Definition m_saved; ///< as it was opened
    std::string m_version;      ///< of m_saved; empty = there is none yet
    SchemaForm m_form;
    SchemaForm m_scopeForm;
    QString m_place;
    QString m_problem;
    bool m_open = false;
    bool m_isNew = false;
    bool m_readOnly = false;
    bool m_isSaving = false;
    bool m_isOvertaken = false;
};

} // namespace luthien::desktop

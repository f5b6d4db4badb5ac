-- A store as release 80c6499 made it.
CREATE TABLE ledgerhq_account_links (
    organization_id character varying(200) NOT NULL,
    partner_id character varying(500) NOT NULL,
    kind character varying(20) NOT NULL,
    account_id character varying(200) NOT NULL,
    linked_at double precision NOT NULL
);
CREATE TABLE ledgerhq_clients (
    partner_id character varying(500) NOT NULL,
    organization_id character varying(200) NOT NULL,
    linked_at double precision NOT NULL
);
CREATE TABLE ledgerhq_pauses (
    scope character varying(200) NOT NULL,
    until double precision NOT NULL
);
CREATE TABLE ledgerhq_postings (
    id bigint NOT NULL,
    organization_id character varying(200) NOT NULL,
    resource character varying(40) NOT NULL,
    source_system character varying(500) NOT NULL,
    source_id character varying(500) NOT NULL,
    key character varying(255) NOT NULL,
    request bytea NOT NULL,
    digest character varying(64) NOT NULL,
    in_order boolean NOT NULL,
    state character varying(20) NOT NULL,
    due_at double precision,
    lease character varying(40),
    attempts integer NOT NULL,
    unknown boolean NOT NULL,
    first_sent_at double precision,
    error text,
    receipt text,
    journal_entry_id character varying(200),
    added_at double precision NOT NULL,
    changed_at double precision NOT NULL
);
CREATE SEQUENCE ledgerhq_postings_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE ledgerhq_postings_id_seq OWNED BY ledgerhq_postings.id;
CREATE TABLE ledgerhq_tokens (
    name character varying(200) NOT NULL,
    content text NOT NULL,
    generation integer NOT NULL
);
CREATE TABLE ledgerhq_version (
    version integer NOT NULL
);
ALTER TABLE ONLY ledgerhq_postings ALTER COLUMN id SET DEFAULT nextval('ledgerhq_postings_id_seq'::regclass);
INSERT INTO ledgerhq_clients VALUES ('client-1', 'org_1', 1795947492.335902);
INSERT INTO ledgerhq_clients VALUES ('client-2', 'org_2', 1795947492.340217);
INSERT INTO ledgerhq_postings VALUES (1, 'org_1', 'purchase', 'till', '200', 'purchase-till-200-64ed5ec89b28653d25ee4c368ad6869a', '\x7b226c696e6573223a5b7b226163636f756e744964223a226163635f657870656e736573222c22616d6f756e74223a3230307d5d2c2270617965654e616d65223a22436f66666565222c22736f757263654163636f756e744964223a226163635f636865636b696e67222c2274786e44617465223a22323032362d30362d3038227d', '83eb335549ee32a4636a2f14b83c4440a63e0f26c213efc282a48268348d584a', false, 'posted', NULL, NULL, 1, false, 1795947491.904048, NULL, '{"id": "purchase_200", "resource_type": "purchase", "journal_entry_id": "je_200", "bank_transaction_ids": ["row_200"], "status": "posted", "posted_at": "2026-06-08T16:00:00+00:00", "idempotency_key": "purchase-till-200-64ed5ec89b28653d25ee4c368ad6869a", "replayed": false, "organization_id": "org_1"}', 'je_200', 1795947491.865393, 1795947492.11775);
INSERT INTO ledgerhq_postings VALUES (2, 'org_1', 'purchase', 'till', '201', 'purchase-till-201-a662429b3064c2bc94c181be88744e99', '\x7b226c696e6573223a5b7b226163636f756e744964223a226163635f657870656e736573222c22616d6f756e74223a3230317d5d2c2270617965654e616d65223a22436f66666565222c22736f757263654163636f756e744964223a226163635f636865636b696e67222c2274786e44617465223a22323032362d30362d3038227d', '5ac1949478240c9e464d5d8c457ae95a40dd62dfa7b17c98eac66d571cb91a4f', false, 'posted', NULL, NULL, 1, false, 1795947492.158557, NULL, '{"id": "purchase_201", "resource_type": "purchase", "journal_entry_id": "je_same", "bank_transaction_ids": ["row_201"], "status": "posted", "posted_at": "2026-06-08T16:00:00+00:00", "idempotency_key": "purchase-till-201-a662429b3064c2bc94c181be88744e99", "replayed": false, "organization_id": "org_1"}', 'je_same', 1795947491.870988, 1795947492.168714);
INSERT INTO ledgerhq_postings VALUES (3, 'org_1', 'purchase', 'till', '202', 'purchase-till-202-886101279e33f538d0da89752363b2ac', '\x7b226c696e6573223a5b7b226163636f756e744964223a226163635f657870656e736573222c22616d6f756e74223a3230327d5d2c2270617965654e616d65223a22436f66666565222c22736f757263654163636f756e744964223a226163635f636865636b696e67222c2274786e44617465223a22323032362d30362d3038227d', 'acfe69510e87e2d305edc5c99ac522bd356c2cb7a3b3fb85a525e7a86be3316d', false, 'posted', NULL, NULL, 1, false, 1795947492.204797, NULL, '{"id": "purchase_202", "resource_type": "purchase", "journal_entry_id": "je_same", "bank_transaction_ids": ["row_202"], "status": "posted", "posted_at": "2026-06-08T16:00:00+00:00", "idempotency_key": "purchase-till-202-886101279e33f538d0da89752363b2ac", "replayed": false, "organization_id": "org_1"}', 'je_same', 1795947491.875613, 1795947492.21273);
INSERT INTO ledgerhq_postings VALUES (4, 'org_1', 'purchase', 'till', '300', 'purchase-till-300-1a80358427dcacbb9e93b67f97cb3071', '\x7b226c696e6573223a5b7b226163636f756e744964223a226163635f657870656e736573222c22616d6f756e74223a3330307d5d2c2270617965654e616d65223a22436f66666565222c22736f757263654163636f756e744964223a226163635f636865636b696e67222c2274786e44617465223a22323032362d30362d3038227d', '5cfc75c7d19c61a06073e532bdd20ea7bb08f795cd57264c0144ab5997e1d688', false, 'pending', 1795947492.5152273, NULL, 1, true, 1795947492.245654, '{"type": "TransportError", "message": "RemoteProtocolError: Server disconnected without sending a response.", "outcome": "unknown", "status": null, "code": null, "request_id": null}', NULL, NULL, 1795947491.882243, 1795947492.258541);
INSERT INTO ledgerhq_postings VALUES (5, 'org_1', 'purchase', 'till', '400', 'purchase-till-400-3adc00a72612d2139c83c5378ed2a24e', '\x7b226c696e6573223a5b7b226163636f756e744964223a226163635f657870656e736573222c22616d6f756e74223a3430307d5d2c2270617965654e616d65223a22436f66666565222c22736f757263654163636f756e744964223a226163635f636865636b696e67222c2274786e44617465223a22323032362d30362d3038227d', 'fc4fb3143d18158761c0cf8f3656e41bb2c0d46636b182657256455633c66c3f', false, 'rejected', NULL, NULL, 1, false, NULL, '{"type": "ValidationError", "message": "The account is inactive", "outcome": "rejected", "status": 422, "code": "VALIDATION_ERROR", "request_id": "req_4"}', NULL, NULL, 1795947491.888143, 1795947492.302502);
INSERT INTO ledgerhq_postings VALUES (6, 'org_1', 'purchase', 'till', '100', 'purchase-till-100-cd100347e7f1988d03d7c11ec0504836', '\x7b226c696e6573223a5b7b226163636f756e744964223a226163635f657870656e736573222c22616d6f756e74223a3130307d5d2c2270617965654e616d65223a22436f66666565222c22736f757263654163636f756e744964223a226163635f636865636b696e67222c2274786e44617465223a22323032362d30362d3038227d', '3ec6d74f923b6a55cd748c600cc7bd1d69f5941d4ffc693f34d3700589387f61', false, 'pending', 1795947492.317717, NULL, 0, false, NULL, NULL, NULL, NULL, 1795947492.317717, 1795947492.317717);
INSERT INTO ledgerhq_postings VALUES (7, 'org_2', 'purchase', 'till', '101', 'purchase-till-101-43297ea11601dbc65c08bd1da04edf98', '\x7b226c696e6573223a5b7b226163636f756e744964223a226163635f657870656e736573222c22616d6f756e74223a3130317d5d2c2270617965654e616d65223a22436f66666565222c22736f757263654163636f756e744964223a226163635f636865636b696e67222c2274786e44617465223a22323032362d30362d3038227d', '43c0113b4fe036472d20817d94ae17e39288a7a0adb9587cbdbc2a899084416e', false, 'pending', 1795947492.326612, NULL, 0, false, NULL, NULL, NULL, NULL, 1795947492.326612, 1795947492.326612);
INSERT INTO ledgerhq_tokens VALUES ('default', 'plain:{"version": 1, "issuer": "https://app.ledgerhq.pro", "client_id": "client", "redirect_uris": [], "access_token": "mcp_at_0", "refresh_token": "mcp_rt_0", "obtained_at": 1780000000.0, "expires_at": 1780003600.0, "scope": null, "lost": null}', 0);
INSERT INTO ledgerhq_version VALUES (1);
SELECT pg_catalog.setval('ledgerhq_postings_id_seq', 7, true);
ALTER TABLE ONLY ledgerhq_account_links
    ADD CONSTRAINT ledgerhq_account_links_pkey PRIMARY KEY (organization_id, partner_id);
ALTER TABLE ONLY ledgerhq_clients
    ADD CONSTRAINT ledgerhq_clients_pkey PRIMARY KEY (partner_id);
ALTER TABLE ONLY ledgerhq_pauses
    ADD CONSTRAINT ledgerhq_pauses_pkey PRIMARY KEY (scope);
ALTER TABLE ONLY ledgerhq_postings
    ADD CONSTRAINT ledgerhq_postings_organization_id_key_key UNIQUE (organization_id, key);
ALTER TABLE ONLY ledgerhq_postings
    ADD CONSTRAINT ledgerhq_postings_organization_id_resource_source_system_so_key UNIQUE (organization_id, resource, source_system, source_id);
ALTER TABLE ONLY ledgerhq_postings
    ADD CONSTRAINT ledgerhq_postings_pkey PRIMARY KEY (id);
ALTER TABLE ONLY ledgerhq_tokens
    ADD CONSTRAINT ledgerhq_tokens_pkey PRIMARY KEY (name);
CREATE INDEX ix_ledgerhq_clients_organization_id ON ledgerhq_clients USING btree (organization_id);
CREATE INDEX ledgerhq_postings_due ON ledgerhq_postings USING btree (due_at);
CREATE INDEX ledgerhq_postings_of ON ledgerhq_postings USING btree (organization_id, in_order, due_at);

"""The ledger: what was found, disputed, upheld and recovered, remembered from run to run."""

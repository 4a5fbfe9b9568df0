package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"pitchside/internal/config"
	"pitchside/people"
)

func tokenCommand() *cobra.Command {
	var email string
	var scopes []string
	c := &cobra.Command{
		Use:   "token --email E --scopes S[,S]",
		Short: "Make an API token for a person and print it",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return withDatabase(c.Context(), func(ctx context.Context, _ config.Config, db *database) error {
				s := &people.Service{DB: db, Now: time.Now}
				p, err := s.PersonByEmail(ctx, people.Operator, email)
				if err != nil {
					return err
				}
				token, err := s.CreateToken(ctx, people.Operator, p.ID, "made at the command line", scopes)
				if err != nil {
					return err
				}
				fmt.Fprintln(c.OutOrStdout(), token)
				return nil
			})
		},
	}
	c.Flags().StringVar(&email, "email", "", "the person's e-mail address")
	c.Flags().StringSliceVar(&scopes, "scopes", nil, "what the token may do: all, or ROOM:read and ROOM:write")
	need(c, "email", "scopes")
	return c
}

func personCommand() *cobra.Command {
	c := &cobra.Command{Use: "person", Short: "Add people"}
	c.AddCommand(personAddCommand())
	return c
}

func personAddCommand() *cobra.Command {
	var email, name, role string
	var can []string
	c := &cobra.Command{
		Use:   "add --email E --name N",
		Short: "Add a person and print the link with which they choose a password",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return withDatabase(c.Context(), func(ctx context.Context, cfg config.Config, db *database) error {
				s := &people.Service{DB: db, Now: time.Now}
				var capabilities []people.Capability
				for _, one := range can {
					capabilities = append(capabilities, people.Capability(one))
				}
				p, err := s.AddPerson(ctx, people.Operator, people.PersonPatch{Email: &email, Name: &name, RoleFamily: &role, Capabilities: &capabilities}, "command")
				if err != nil {
					return err
				}
				token, err := s.Invite(ctx, people.Operator, p.ID)
				if err != nil {
					return err
				}
				fmt.Fprintf(c.OutOrStdout(), "%s was added. They choose a password at\n%s/join/%s\n", p.Name, cfg.URL, token)
				return nil
			})
		},
	}
	c.Flags().StringVar(&email, "email", "", "their e-mail address, with which they sign in")
	c.Flags().StringVar(&name, "name", "", "their name")
	c.Flags().StringVar(&role, "role-family", "AE", "SDR, AE, Enterprise AE, AM, sales manager or your own")
	c.Flags().StringSliceVar(&can, "capabilities", []string{"rep"}, "any of rep, coach, manager, author, admin")
	need(c, "email", "name")
	return c
}

// need makes flags required. They exist: the names are this file's own.
func need(c *cobra.Command, flags ...string) {
	for _, f := range flags {
		if err := c.MarkFlagRequired(f); err != nil {
			panic(err)
		}
	}
}
